using System;
using System.Diagnostics;
using System.Text.RegularExpressions;
using AotServe.Fuzzing;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

/// <summary>
/// Random and mutated bytes by the million. A failure names the seed, with which it happens again; a step that makes
/// no progress is a failure too, so that nothing here can loop without being noticed.
/// </summary>
public partial class HostileBytesTests(ITestOutputHelper output)
{
    private const int Fixed = 20260101;
    private const int Million = 1_000_000;

    private static readonly string[] Bodies =
    [
        "5\r\nhello\r\n0\r\n\r\n",
        "a;b=c\r\n0123456789\r\n1 ; d=\"e\\\"f\" ;g\r\nx\r\n000\r\n\r\n",
        "1\r\na\r\n0\r\nTrailer: x\r\nOther:\ty \r\n\r\n",
        "FFFFFFFFFFFFFFF\r\nabc",
    ];

    /// <summary>What mutations put in: bytes that mean something to a parser.</summary>
    private static readonly string[] Pieces =
    [
        "\r", "\n", "\r\n", "\0", " ", "\t", ":", ";", ",", "=", "\"", "\\", "/", "?", "#", "*", "@", "[", "]", "%",
        "0", "9", "\x7f", "\x80", "\xff", "HTTP/1.1", "HTTP/2.0", "Host: b\r\n", "Content-Length: 3\r\n", "Content-Length",
        "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "chunked", "http://", "9999999999999999999",
    ];

    [GeneratedRegex(
        """
        ^(\r\n)?[!#$%&'*+\-.^_`|~0-9A-Za-z]+\x20[!-~]+\x20HTTP/1\.[0-9]\r\n
        ([!#$%&'*+\-.^_`|~0-9A-Za-z]+:[\t\x20-\x7E\x80-\xFF]*\r\n)*\r\n\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex HeadGrammar { get; }

    [Fact]
    public void The_parser_neither_throws_nor_changes_its_mind() => ParseHostile(Fixed, Million);

    [Fact]
    public void The_parser_holds_for_a_seed_of_this_run() => ParseHostile(FuzzSeed.OfThisRun, Million / 10);

    [Fact]
    public void The_decoder_neither_throws_nor_loops_nor_changes_its_mind() => DecodeHostile(Fixed, Million);

    [Fact]
    public void The_decoder_holds_for_a_seed_of_this_run() => DecodeHostile(FuzzSeed.OfThisRun, Million / 10);

    private void ParseHostile(int seed, int count)
    {
        var random = new Random(seed);
        var head = new RequestHead();
        byte[] buffer = new byte[1024];
        int[] verdicts = new int[3];
        for (int i = 0; i < count; i++)
        {
            int start = random.Next(8);
            string[] samples = random.Next(2) == 0 ? SampleRequests.Accepted : SampleRequests.Refused;
            int end = start + Hostile(random, samples, buffer.AsSpan(start));
            int cut = random.Next(start, end + 1);
            try
            {
                ParseStatus early = RequestParser.Parse(buffer, start, cut, head);
                (ParseStatus, Rejection, int) verdict = (early, head.Rejection, head.Length);
                ParseStatus late = RequestParser.Parse(buffer, start, end, head);
                bool same = early == ParseStatus.Incomplete || verdict == (late, head.Rejection, head.Length);
                string taken = Text(buffer.AsSpan(start, head.Length));
                bool grammatical = late != ParseStatus.Complete || HeadGrammar.IsMatch(taken);
                if (!same || !grammatical || (late == ParseStatus.Rejected) == (head.Rejection == Rejection.None))
                {
                    Assert.Fail($"{early}, then {late} {head.Rejection}");
                }

                verdicts[(int)late]++;
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {seed}, input {i}, {cut - start}: {Show(buffer.AsSpan(start..end))}\n{failure}");
            }
        }

        output.WriteLine($"Seed {seed}: {string.Join(", ", verdicts)} incomplete, complete, rejected.");
        Assert.All(verdicts, verdict => Assert.True(verdict > count / 100));
    }

    private void DecodeHostile(int seed, int count)
    {
        var random = new Random(seed);
        byte[] buffer = new byte[1024];
        int[] verdicts = new int[3];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> input = buffer.AsSpan(0, Hostile(random, Bodies, buffer));
            try
            {
                (ParseStatus early, Rejection rejection, int consumed) = Decode(input, random.Next(1, 9));
                (ParseStatus late, Rejection other, int all) = Decode(input, input.Length);
                if ((early, rejection, consumed) != (late, other, all))
                {
                    Assert.Fail($"{early} {rejection} after {consumed} in pieces, {late} {other} after {all} whole");
                }

                verdicts[(int)late]++;
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {seed}, input {i}: {Show(input)}\n{failure}");
            }
        }

        output.WriteLine($"Seed {seed}: {string.Join(", ", verdicts)} incomplete, complete, rejected.");
        Assert.All(verdicts, verdict => Assert.True(verdict > count / 100));
    }

    private static (ParseStatus Status, Rejection Rejection, int Consumed) Decode(ReadOnlySpan<byte> input, int piece)
    {
        var decoder = default(ChunkedDecoder);
        int position = 0;
        while (position < input.Length)
        {
            ReadOnlySpan<byte> step = input.Slice(position, Math.Min(piece, input.Length - position));
            ParseStatus status = decoder.Decode(step, out int consumed, out ReadOnlySpan<byte> data);
            if (consumed < 1 || consumed > step.Length || data.Length > consumed)
            {
                Assert.Fail($"A step of {step.Length} bytes consumed {consumed} and gave {data.Length}");
            }

            position += consumed;
            if (status != ParseStatus.Incomplete)
            {
                return (status, decoder.Rejection, position);
            }
        }

        return (ParseStatus.Incomplete, Rejection.None, position);
    }

    /// <summary>Fills the buffer with noise, or with a sample with a few changes, and says how long it is.</summary>
    private static int Hostile(Random random, string[] samples, Span<byte> buffer)
    {
        if (random.Next(8) == 0)
        {
            int noise = random.Next(64);
            random.NextBytes(buffer[..noise]);
            return noise;
        }

        string sample = samples[random.Next(samples.Length)];
        Span<char> text = stackalloc char[1024];
        int length = Math.Min(sample.Length, 600);
        sample.AsSpan(0, length).CopyTo(text);
        for (int changes = random.Next(5); changes > 0; changes--)
        {
            Mutate(random, text, ref length);
        }

        for (int i = 0; i < length; i++)
        {
            buffer[i] = (byte)text[i];
        }

        return length;
    }

    private static void Mutate(Random random, Span<char> text, ref int length)
    {
        int at = random.Next(length + 1);
        switch (random.Next(5))
        {
            case 0 when at < length:
                text[at] = (char)random.Next(256);
                break;
            case 1:
                length = random.Next(4) == 0 ? at : length;
                break;
            case 2 when at < length:
                int gone = Math.Min(random.Next(1, 6), length - at);
                text[(at + gone)..length].CopyTo(text[at..]);
                length -= gone;
                break;
            default:
                string piece = Pieces[random.Next(Pieces.Length)];
                Debug.Assert(length + piece.Length < text.Length);
                text[at..length].CopyTo(text[(at + piece.Length)..]);
                piece.CopyTo(text[at..]);
                length += piece.Length;
                break;
        }
    }

    private static string Show(ReadOnlySpan<byte> input) => Regex.Escape(Text(input)).Replace("\0", "\\0");
}
