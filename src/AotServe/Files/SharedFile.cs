using System;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// An open file that several may hold at once, each of whom disposes of it once: the last one closes it. Whoever makes it
/// is the first. Any thread may call.
/// </summary>
/// <param name="handle">The file, owned from here on.</param>
internal sealed class SharedFile(SafeFileHandle handle) : IDisposable
{
    private int _holders = 1;

    /// <summary>The file, for as long as one holds this.</summary>
    public SafeFileHandle Handle => handle;

    /// <summary>Makes the caller one more holder. False: the last one has gone, and it is closed.</summary>
    public bool TryHold()
    {
        int holders = Volatile.Read(ref _holders);
        while (holders > 0)
        {
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders)
            {
                return true;
            }

            holders = seen;
        }

        return false;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            handle.Dispose();
        }
    }
}
