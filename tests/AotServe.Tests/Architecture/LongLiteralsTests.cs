using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using AotServe.Literals;
using Xunit;

namespace AotServe.Tests.Architecture;

/// <summary>
/// Long texts are UTF-8 literals (<see cref="LiteralText"/>). All string literals together are written to memory at each start, a page fault
/// for 4 KiB of them.
/// </summary>
public sealed class LongLiteralsTests
{
    /// <summary>Letters.</summary>
    private const int Longest = 55;

    /// <summary>How those begin that are not texts: alphabets, and lists for OpenSSL, which the default executable does not hold.</summary>
    private static readonly string[] Names = ["./ABCDEFGHIJKLMNOP", "ECDHE-ECDSA-AES128", "TLS_AES_128_GCM_SHA256"];

    [Fact]
    public void A_long_text_is_no_string_literal()
    {
        List<string> strings = ReadStrings(typeof(LiteralText).Assembly.Location);
        Assert.NotEmpty(strings);
        Breaches.AssertNone(strings.Where(text => text.Length > Longest && !Names.Any(text.StartsWith)));
    }

    /// <summary>All string literals of an assembly, those in interpolated strings included (ECMA-335 §II.24.2.4).</summary>
    private static List<string> ReadStrings(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        List<string> strings = [];
        for (UserStringHandle handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = reader.GetNextHandle(handle))
        {
            strings.Add(reader.GetUserString(handle));
        }

        return strings;
    }
}
