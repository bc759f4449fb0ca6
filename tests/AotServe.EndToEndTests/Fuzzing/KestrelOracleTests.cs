using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;
using Xunit;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>
/// The same bytes to this server and to Kestrel: how each answers each message, what it takes for its content, and whether
/// it goes on. Where they differ, one of <see cref="KestrelDifferences"/> says why. A stream is compared up to the first
/// difference: from there on the two read different messages.
/// </summary>
public sealed class KestrelOracleTests : IDisposable
{
    private const int Rounds = 1200;
    private const int BatchSize = 400;

    /// <summary>Follows each stream: whether it is reached, and as what, tells where the message before it ended.</summary>
    private const string Marker =
        "POST /echo HTTP/1.1\r\nHost: marker\r\nContent-Length: 6\r\nConnection: close\r\n\r\nmarker";

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan LongQuiet = TimeSpan.FromSeconds(10);

    /// <summary>Far longer than the longest quiet: a server that waits must not be seen to give up instead.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly ServerProcess _server;
    private readonly KestrelSite _kestrel = new(Patience);

    public KestrelOracleTests(PublishedServer published)
    {
        string patience = Patience.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        _server = ServerProcess.Serve(published.Binary, "--head-timeout", patience, "--stall-timeout", patience, "--idle-timeout", patience);
    }

    public void Dispose()
    {
        _server.Dispose();
        _kestrel.Dispose();
    }

    [Fact]
    public void The_corpus_is_read_as_by_Kestrel_but_for_what_is_listed()
    {
        HashSet<KestrelDifference> seen = Compare([.. ValidStreams.All.Concat(SmugglingStreams.All)]);
        // Each does occur: what no longer differs has to leave the list.
        Assert.All(KestrelDifferences.All, difference => Assert.Contains(difference, seen));
    }

    [Fact]
    public void Mutated_streams_are_read_as_by_Kestrel_but_for_what_is_listed() => CompareMutated(FuzzSeed.Fixed);

    [Fact]
    public void So_are_those_of_the_seed_of_this_run() => CompareMutated(FuzzSeed.OfThisRun);

    private void CompareMutated(int seed)
    {
        var mutator = new StreamMutator(new Random(seed));
        Compare([.. Enumerable.Range(0, Rounds).Select(i => new WireStream($"{FuzzSeed.Replay(seed)}, stream {i}", mutator.Next()))]);
    }

    /// <summary>Fails for differences that are not listed; gives those that are and were met.</summary>
    private HashSet<KestrelDifference> Compare(WireStream[] streams)
    {
        HashSet<KestrelDifference> seen = [];
        List<string> unexplained = [];
        foreach (WireStream[] batch in streams.Chunk(BatchSize))
        {
            WireStream[] suspects = Exchange(batch, Quiet).Where(pair => Judge(pair, seen) is not null).Select(pair => pair.Stream).ToArray();
            // Once more, with more patience: a slow machine must not pass for a server that waits.
            unexplained.AddRange(Exchange(suspects, LongQuiet).Select(pair => Judge(pair, seen)).OfType<string>());
        }

        Assert.True(
            unexplained.Count == 0,
            $"{unexplained.Count} differences from {KestrelSite.Version} that are not listed, among them\n" + string.Join("\n", unexplained.Take(20)));
        return seen;
    }

    private IEnumerable<(WireStream Stream, StreamExchange Ours, StreamExchange Theirs)> Exchange(WireStream[] streams, TimeSpan quiet)
    {
        int[] ports = [_server.Port, _kestrel.Port];
        StreamExchange[] exchanges = StreamBatch.Run(
            [.. streams.SelectMany(stream => ports.Select(port => (port, stream.Bytes + Marker)))], quiet);
        return streams.Select((stream, index) => (stream, exchanges[2 * index], exchanges[(2 * index) + 1]));
    }

    /// <summary>The first difference, unless it is listed.</summary>
    private static string? Judge((WireStream Stream, StreamExchange Ours, StreamExchange Theirs) pair, HashSet<KestrelDifference> seen)
    {
        string bytes = pair.Stream.Bytes + Marker;
        List<ReferenceMessage> messages = ReferenceReader.Read(bytes);
        List<Reading> ours = Reading.Of(bytes, pair.Ours, echoesFields: true);
        List<Reading> theirs = Reading.Of(bytes, pair.Theirs, echoesFields: false);
        for (int i = 0; i < int.Max(ours.Count, theirs.Count); i++)
        {
            Reading? one = i < ours.Count ? ours[i] : null;
            Reading? other = i < theirs.Count ? theirs[i] : null;
            if (one == other)
            {
                continue;
            }

            ReferenceMessage message = messages[int.Min(i, messages.Count - 1)];
            KestrelDifference[] reasons = Array.FindAll(KestrelDifferences.All, difference => difference.Applies(message, one, other));
            seen.UnionWith(reasons);
            return reasons.Length > 0
                ? null
                : $"{pair.Stream.Name}: message {i} ({message.Verdict}, {message.Flaws}): "
                    + $"{one?.ToString() ?? "nothing"}; Kestrel: {other?.ToString() ?? "nothing"}\n  {CSharpText.Of(bytes)}";
        }

        return null;
    }
}
