using System;
using AotServe.Buffers;

namespace AotServe.Files;

/// <summary>The content of a file: an open file, or bytes in memory. Its owner disposes of it.</summary>
/// <param name="File">The open file; null if the content is in memory.</param>
/// <param name="Bytes">The content in memory; null if there is a file.</param>
internal readonly record struct FileContent(SharedFile? File, SharedBytes? Bytes) : IDisposable
{
    /// <summary>Closes the file, if there is one, and gives bytes back that were lent.</summary>
    public void Dispose()
    {
        File?.Dispose();
        Bytes?.Return();
    }
}
