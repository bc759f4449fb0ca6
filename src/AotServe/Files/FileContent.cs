using System;

namespace AotServe.Files;

/// <summary>The content of a file: the file itself, opened, or its bytes in memory. Whoever holds it owns the file.</summary>
/// <param name="File">The open file; null where the content is in memory.</param>
/// <param name="Bytes">The bytes, which never change; empty where there is a file.</param>
internal readonly record struct FileContent(SharedFile? File, ReadOnlyMemory<byte> Bytes) : IDisposable
{
    /// <summary>Closes the file, if there is one.</summary>
    public void Dispose() => File?.Dispose();
}
