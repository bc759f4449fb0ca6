using System;
using System.Linq;
using System.Text;
using AotServe.Http;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class ChunkedDecoderTests
{
    [Theory]
    [InlineData("0\r\n\r\n", "")]
    [InlineData("000\r\n\r\n", "")]
    [InlineData("1\r\na\r\n0\r\n\r\n", "a")]
    [InlineData("a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a")]
    [InlineData("000000000000002\r\n\r\n\r\n0\r\n\r\n", "\r\n")]
    [InlineData("1;a\r\nx\r\n0;b=c;d=\"e;\\\"\"\r\n\r\n", "x")]
    [InlineData("1 ; a\t=\tb ;c = \"\";d\r\nx\r\n0\r\n\r\n", "x")]
    [InlineData("1;a=\"é \t\\é\"\r\nx\r\n0\r\n\r\n", "x")]
    [InlineData("0\r\nA: b\r\nc:\r\nd: \té \r\n\r\n", "")]
    public void A_well_formed_body_is_decoded_wherever_it_is_cut(string input, string body)
    {
        Assert.Equal(new Chunks(ParseStatus.Complete, Rejection.None, body, input.Length), Chunks.Decode(input));
        string pipelined = input + "GET / HTTP/1.1\r\n";
        for (int first = 1; first < pipelined.Length; first++)
        {
            int size = first;
            var chunks = Chunks.Decode(Bytes(pipelined), () => (size, size = 1).Item1);
            Assert.Equal(new Chunks(ParseStatus.Complete, Rejection.None, body, input.Length), chunks);
        }

        for (int end = 0; end < input.Length; end++)
        {
            Assert.Equal(ParseStatus.Incomplete, Chunks.Decode(input[..end]).Status);
        }
    }

    [Theory]
    [InlineData("\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData(" 1\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("g\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("-1\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("+1\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("0x1\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("1_0\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("1\0\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData(";a\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("0000000000000001\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("ffffffffffffffff1\r\n", nameof(Rejection.BadChunkSize))]
    [InlineData("1\n", nameof(Rejection.BadLineEnd))]
    [InlineData("1\r\r", nameof(Rejection.BadLineEnd))]
    [InlineData("1;a\n", nameof(Rejection.BadLineEnd))]
    [InlineData("1 \r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1 a\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;;a\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;=a\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a \r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=b \r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=b c\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=b=c\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=\"b\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=\"b\\\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=\"b\0\"\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=\"b\"c\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;a=b\"c\"\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1;é\r\n", nameof(Rejection.BadChunkExtension))]
    [InlineData("1\r\nab", nameof(Rejection.BadChunkEnd))]
    [InlineData("1\r\na\n", nameof(Rejection.BadChunkEnd))]
    [InlineData("1\r\na\r\r", nameof(Rejection.BadChunkEnd))]
    [InlineData("1\r\na0\r\n\r\n", nameof(Rejection.BadChunkEnd))]
    [InlineData("0\r\n\n", nameof(Rejection.BadLineEnd))]
    [InlineData("0\r\n\rx", nameof(Rejection.BadLineEnd))]
    [InlineData("0\r\n a: b\r\n", nameof(Rejection.FoldedField))]
    [InlineData("0\r\na: b\r\n c\r\n", nameof(Rejection.FoldedField))]
    [InlineData("0\r\na : b\r\n", nameof(Rejection.SpaceBeforeColon))]
    [InlineData("0\r\n: b\r\n", nameof(Rejection.BadFieldName))]
    [InlineData("0\r\na\r\n", nameof(Rejection.BadFieldName))]
    [InlineData("0\r\na\n", nameof(Rejection.BadLineEnd))]
    [InlineData("0\r\na: \0\r\n", nameof(Rejection.BadFieldValue))]
    [InlineData("0\r\na: b\n", nameof(Rejection.BadLineEnd))]
    [InlineData("0\r\na: b\rc", nameof(Rejection.BadLineEnd))]
    public void A_malformed_body_is_refused_wherever_it_is_cut(string input, string rejection)
    {
        Rejection expected = Enum.Parse<Rejection>(rejection);
        var whole = Chunks.Decode(input + "0\r\n\r\n");
        Assert.Equal((ParseStatus.Rejected, expected, 400), (whole.Status, whole.Rejection, whole.Rejection.Status()));
        Assert.Equal(whole, Chunks.Decode(Bytes(input + "0\r\n\r\n"), () => 1));
    }

    [Fact]
    public void A_body_comes_back_whole_however_it_is_chunked_and_cut()
    {
        Prop.ForAll<byte[], int>((body, seed) =>
        {
            var random = new Random(seed);
            byte[] input = Encode(body, random);
            var chunks = Chunks.Decode(input, () => random.Next(1, 12));
            return chunks == new Chunks(ParseStatus.Complete, Rejection.None, Text(body), input.Length);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_chunk_is_handed_out_as_it_arrives()
    {
        var decoder = default(ChunkedDecoder);
        ParseStatus status = decoder.Decode("7fffffff\r\nab"u8, out int consumed, out ReadOnlySpan<byte> data);
        Assert.Equal(ParseStatus.Incomplete, status);
        Assert.Equal((12, "ab"), (consumed, Text(data)));
        Assert.Equal(ParseStatus.Incomplete, decoder.Decode("c"u8, out consumed, out data));
        Assert.Equal((1, "c"), (consumed, Text(data)));
        Assert.Equal(ParseStatus.Incomplete, decoder.Decode(default, out consumed, out data));
        Assert.Equal((0, ""), (consumed, Text(data)));
    }

    [Fact]
    public void Chunk_extensions_are_bounded_in_a_line_and_in_the_body()
    {
        string longest = "1;" + new string('a', HttpLimits.ChunkLine - 2) + "\r\nx\r\n";
        Assert.Equal("x", Chunks.Decode(longest + "0\r\n\r\n").Body);
        Refuse("1;" + new string('a', HttpLimits.ChunkLine - 1), Rejection.ChunkExtensionsTooLong, 400);
        Refuse("1;a=\"" + new string(' ', HttpLimits.ChunkLine), Rejection.ChunkExtensionsTooLong, 400);

        string four = string.Concat(Enumerable.Repeat(longest, 4));
        Assert.Equal(ParseStatus.Complete, Chunks.Decode(four + "1;aa\r\nx\r\n0\r\n\r\n").Status);
        Refuse(four + "1;aaaa", Rejection.ChunkExtensionsTooLong, 400);
    }

    [Fact]
    public void The_trailer_section_is_bounded_in_bytes_and_in_lines()
    {
        string longest = "0\r\na:" + new string('b', HttpLimits.TrailerSection - 4);
        Assert.Equal(ParseStatus.Complete, Chunks.Decode(longest + "\r\n\r\n").Status);
        Refuse(longest + "b\r\n", Rejection.TrailerSectionTooLarge, 431);
        Refuse("0\r\n" + new string('a', HttpLimits.TrailerSection + 1), Rejection.TrailerSectionTooLarge, 431);

        string most = "0\r\n" + string.Concat(Enumerable.Repeat("a:\r\n", HttpLimits.FieldLines));
        Assert.Equal(ParseStatus.Complete, Chunks.Decode(most + "\r\n").Status);
        Refuse(most + "a", Rejection.TrailerSectionTooLarge, 431);
    }

    private static void Refuse(string input, Rejection rejection, int status)
    {
        var chunks = Chunks.Decode(input);
        Assert.Equal((ParseStatus.Rejected, rejection), (chunks.Status, chunks.Rejection));
        Assert.Equal(status, rejection.Status());
    }

    /// <summary>Codes a body in chunks of random size, with and without extensions and trailers.</summary>
    private static byte[] Encode(ReadOnlySpan<byte> body, Random random)
    {
        var coded = new StringBuilder();
        while (!body.IsEmpty)
        {
            int size = random.Next(1, body.Length + 1);
            coded.Append(random.Next(2) == 0 ? $"{size:x}" : $"{size:X4}");
            coded.Append(random.Next(3) == 0 ? ";a=\"b\" ; c\r\n" : "\r\n");
            coded.Append(Text(body[..size])).Append("\r\n");
            body = body[size..];
        }

        coded.Append(random.Next(2) == 0 ? "0\r\n\r\n" : "00;z\r\nA: b\r\nC:\r\n\r\n");
        return Bytes(coded.ToString());
    }
}
