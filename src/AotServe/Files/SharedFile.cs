using System;
using AotServe.Buffers;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// An open file with a count of references: each owner of one disposes of it once, and the last one closes the file. Its
/// creator has the first reference. Any thread may call.
/// </summary>
/// <param name="handle">The file, owned from here on.</param>
internal sealed class SharedFile(SafeFileHandle handle) : IDisposable
{
    private ReferenceCount _references = new();

    /// <summary>The file. Only for owners of a reference.</summary>
    public SafeFileHandle Handle => handle;

    /// <summary>Adds a reference, which the caller owns. False if the file has been closed.</summary>
    public bool TryAddReference() => _references.TryAdd();

    public void Dispose()
    {
        if (_references.Remove())
        {
            handle.Dispose();
        }
    }
}
