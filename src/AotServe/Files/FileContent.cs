using System;

namespace AotServe.Files;

/// <summary>The content of a file: an open file, or bytes in memory. Its owner disposes of it.</summary>
/// <param name="File">The open file; null if the content is in memory.</param>
/// <param name="Bytes">The bytes, which never change; empty if there is a file.</param>
internal readonly record struct FileContent(SharedFile? File, ReadOnlyMemory<byte> Bytes) : IDisposable
{
    /// <summary>Closes the file, if there is one.</summary>
    public void Dispose() => File?.Dispose();
}
