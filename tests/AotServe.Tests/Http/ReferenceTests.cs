using System;
using System.Collections.Generic;
using System.Linq;
using AotServe.Fuzzing;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

/// <summary>
/// Parser and decoder against the plain reading of <see cref="ReferenceReader"/>: every stream of the corpus, and mutated
/// ones, in any pieces. A failure holds the seed and the stream.
/// </summary>
public class ReferenceTests
{
    private const int Rounds = 30_000;

    [Fact]
    public void Valid_streams_are_read_as_the_reference_reads_them() =>
        Assert.All(ValidStreams.All, stream =>
        {
            Assert.All(ReferenceReader.Read(stream.Bytes), message => Assert.Equal(ReferenceVerdict.Whole, message.Verdict));
            Check(stream.Bytes, new Random(1));
        });

    [Fact]
    public void Smuggling_shapes_are_refused_where_the_reference_refuses_them() =>
        Assert.All(SmugglingStreams.All, stream =>
        {
            if (!SmugglingStreams.Harmless.Contains(stream.Name))
            {
                Assert.NotEqual(ReferenceVerdict.Whole, ReferenceReader.Read(stream.Bytes)[0].Verdict);
            }

            Check(stream.Bytes, new Random(1));
        });

    [Fact]
    public void No_two_streams_have_one_name() =>
        Assert.Distinct(ValidStreams.All.Concat(SmugglingStreams.All).Select(stream => stream.Name));

    [Fact]
    public void Mutated_streams_are_read_as_the_reference_reads_them() => CheckMutated(FuzzSeed.Fixed);

    [Fact]
    public void So_are_those_of_the_seed_of_this_run() => CheckMutated(FuzzSeed.OfThisRun);

    private static void CheckMutated(int seed)
    {
        var random = new Random(seed);
        var mutator = new StreamMutator(random);
        int[] verdicts = new int[3];
        for (int i = 0; i < Rounds; i++)
        {
            string stream = mutator.Next();
            try
            {
                foreach (ReferenceMessage message in Check(stream, random))
                {
                    verdicts[(int)message.Verdict]++;
                }
            }
            catch (Exception failure)
            {
                Assert.Fail($"{FuzzSeed.Replay(seed)}, stream {i}: {CSharpText.Of(stream)}\n{failure}");
            }
        }

        // Mutations that all end in the same place would test little.
        Assert.All(verdicts, count => Assert.True(count > Rounds / 20, string.Join(", ", verdicts)));
    }

    private static List<ReferenceMessage> Check(string stream, Random random)
    {
        List<ReferenceMessage> expected = ReferenceReader.Read(stream);
        AssertSame(expected, ParsedStream.Read(stream, () => stream.Length, beyond: (byte)'\n'), "whole");
        if (stream.Length < 3000)
        {
            AssertSame(expected, ParsedStream.Read(stream, () => 1, beyond: (byte)'\r'), "byte by byte");
        }

        AssertSame(expected, ParsedStream.Read(stream, () => random.Next(1, 40), beyond: (byte)'0'), "in pieces");
        foreach (ReferenceMessage message in expected.Where(message => message.Verdict == ReferenceVerdict.Whole))
        {
            AssertSurvivesRewriting(message);
        }

        return expected;
    }

    private static void AssertSame(List<ReferenceMessage> expected, List<ReferenceMessage> actual, string how)
    {
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            ReferenceMessage? right = i < expected.Count ? expected[i] : null;
            ReferenceMessage? found = i < actual.Count ? actual[i] : null;
            // What is unfinished may be refused already: a single byte can tell that nothing good will come of it.
            bool same = right is { Verdict: ReferenceVerdict.Whole } && found is { Verdict: ReferenceVerdict.Whole }
                ? Equal(right, found)
                : right is not null && found is not null && right.Verdict != ReferenceVerdict.Whole
                    && found.Verdict != ReferenceVerdict.Whole
                    && (right.Verdict == ReferenceVerdict.Unfinished || found.Verdict == ReferenceVerdict.Refused);
            if (!same)
            {
                Assert.Fail($"Message {i}, read {how}:\n{found}\nbut the reference says\n{right}");
            }
        }
    }

    private static bool Equal(ReferenceMessage one, ReferenceMessage other) =>
        one.Fields.SequenceEqual(other.Fields) && one == other with { Fields = one.Fields, Text = one.Text };

    /// <summary>A head that was taken says the same when it is written anew, in the one canonical way.</summary>
    private static void AssertSurvivesRewriting(ReferenceMessage message)
    {
        string text = $"{message.Method} {message.Target} HTTP/1.{message.MinorVersion}\r\n"
            + string.Concat(message.Fields.Select(field => $"{field.Name}: {field.Value}\r\n")) + "\r\n";
        (ParseStatus status, RequestHead head) = Parse(text);
        Assert.Equal(ParseStatus.Complete, status);
        ReferenceMessage again = ParsedStream.Describe(head) with
        {
            HeadLength = message.HeadLength,
            Length = message.Length,
            Content = message.Content,
        };
        Assert.True(Equal(message, again), $"{again}\nbut before\n{message}");
    }
}
