using System;
using System.Linq;
using AotServe.Fuzzing;
using Xunit;

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
            StreamComparison.Check(stream.Bytes, new Random(1));
        });

    [Fact]
    public void Smuggling_shapes_are_refused_where_the_reference_refuses_them() =>
        Assert.All(SmugglingStreams.All, stream =>
        {
            if (!SmugglingStreams.Harmless.Contains(stream.Name))
            {
                Assert.NotEqual(ReferenceVerdict.Whole, ReferenceReader.Read(stream.Bytes)[0].Verdict);
            }

            StreamComparison.Check(stream.Bytes, new Random(1));
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
                foreach (ReferenceMessage message in StreamComparison.Check(stream, random))
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
}
