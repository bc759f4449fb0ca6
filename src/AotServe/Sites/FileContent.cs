using System;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>The content of a file: the file itself, opened, or its bytes in memory. Whoever holds it owns the file.</summary>
/// <param name="File">The open file; null where the content is in memory.</param>
/// <param name="Bytes">The bytes, which never change; empty where there is a file.</param>
internal readonly record struct FileContent(SharedFile? File, ReadOnlyMemory<byte> Bytes) : IDisposable
{
    /// <summary>Ends an answer with all of it, <paramref name="length"/> bytes, and hands over the file.</summary>
    public void EndAnswer(Response response, long length)
    {
        if (File is null)
        {
            response.EndWithBytes(Bytes);
        }
        else
        {
            response.EndWithFile(File, 0, length);
        }
    }

    /// <summary>Closes the file, if there is one.</summary>
    public void Dispose() => File?.Dispose();
}
