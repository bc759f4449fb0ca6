using System.IO;
using System.IO.Compression;

namespace AotServe.Tests.Sites.Representations.Codings;

/// <summary>Undoes content codings.</summary>
internal static class Unpacking
{
    /// <summary>What <paramref name="bytes"/> are the <c>br</c> or <c>gzip</c> coding of.</summary>
    public static byte[] Unpack(string coding, byte[] bytes)
    {
        using var packed = new MemoryStream(bytes);
        using Stream stream = coding == "br"
            ? new BrotliStream(packed, CompressionMode.Decompress)
            : new GZipStream(packed, CompressionMode.Decompress);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
