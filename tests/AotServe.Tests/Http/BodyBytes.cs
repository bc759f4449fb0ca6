using System.Collections.Generic;
using System.IO;
using AotServe.Http;
using Xunit;

namespace AotServe.Tests.Http;

/// <summary>What a connection would send of a body that follows the output.</summary>
internal static class BodyBytes
{
    /// <summary>All of its bytes; the body stays its owner's to dispose.</summary>
    public static byte[] Of(ResponseBody body)
    {
        var bytes = new List<byte>();
        while (!body.IsEmpty)
        {
            BodyPart part = body.Current;
            byte[] next = part.IsInFile ? new byte[part.Length] : part.Bytes.ToArray();
            if (part.IsInFile)
            {
                Assert.Equal(next.Length, RandomAccess.Read(body.File!, next, part.Offset));
            }

            bytes.AddRange(next);
            body.Advance(part.Length);
        }

        return [.. bytes];
    }
}
