using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// An open file with a count of references: each owner of one disposes of it once, and the last one closes the file. Its
/// creator has the first reference. Any thread may call.
/// </summary>
/// <param name="handle">The file, owned from here on.</param>
internal sealed class SharedFile(SafeFileHandle handle) : IDisposable
{
    private int _references = 1;

    /// <summary>The file. Only for owners of a reference.</summary>
    public SafeFileHandle Handle => handle;

    /// <summary>Adds a reference, which the caller owns. False if the file has been closed.</summary>
    public bool TryAddReference()
    {
        int references = Volatile.Read(ref _references);
        while (references > 0)
        {
            int seen = Interlocked.CompareExchange(ref _references, references + 1, references);
            if (seen == references)
            {
                return true;
            }

            references = seen;
        }

        return false;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            handle.Dispose();
        }
    }
}
