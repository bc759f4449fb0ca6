using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// Random preconditions and ranges, sent to this server and to Kestrel's static files over the same folder. Where the two
/// disagree, one of <see cref="Differences"/> says why.
/// </summary>
public sealed class RangeOracleTests : IDisposable
{
    private const int Rounds = 6000;

    private static readonly DateTime Written = new(2024, 2, 29, 12, 34, 56, DateTimeKind.Utc);
    private static readonly int[] Lengths = [0, 1, 10, 1000, 100_000];
    private static readonly string[] DateFormats = ["r", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy"];

    private static readonly string[] Lists =
        ["TAG", "W/TAG", "*", "\"other\"", "W/\"other\"", "\"other\", TAG", "W/\"other\", W/TAG", "\"a,b\",TAG", "\"\""];

    /// <summary>Where this server does otherwise than Kestrel, and why.</summary>
    private static readonly Difference[] Differences =
    [
        new("RFC 9110 §13.2.2: a date does not count where the corresponding tags are there; Kestrel evaluates all and takes the strictest.",
            s => (s.IfMatch is not null && s.IfUnmodifiedSince is not null)
                || (s.IfNoneMatch is not null && s.IfModifiedSince is not null)),
        new("§13.2.2: a precondition that holds is followed by the next; for Kestrel it outweighs one that says 304.",
            s => (s.IfMatch is not null || s.IfUnmodifiedSince is not null)
                && (s.IfNoneMatch is not null || s.IfModifiedSince is not null)),
        new("§13.1.2: If-None-Match compares weakly; Kestrel strongly.",
            s => s.IfNoneMatch is not null && s.IfNoneMatch.EndsWith("W/TAG", StringComparison.Ordinal)),
        new("§13.1.5: a date in If-Range is compared exactly; Kestrel takes later ones too.", s => s.IfRangeDate > 0),
        new("Of an empty file there is no part, and 416 looks like an error: Range is ignored, as by nginx and Go. Kestrel: 416.",
            s => s.Length == 0 && s.Range is not null),
        new("§14.2: a unit that is not known is ignored; Kestrel takes all units for bytes.",
            s => s.Range is not null && s.Range.StartsWith("lines=", StringComparison.Ordinal)),
        new("§14.1.1: a position has any number of digits; Kestrel ignores what is more than a long holds.",
            s => s.Range is not null && s.Range.Contains("99999999999999999999", StringComparison.Ordinal)),
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly KestrelFiles _kestrel;
    private readonly ServerProcess _server;
    private readonly RawClient _ours;
    private readonly RawClient _theirs;

    public RangeOracleTests(PublishedServer published)
    {
        var random = new Random(3);
        foreach (int length in Lengths)
        {
            byte[] content = new byte[length];
            random.NextBytes(content);
            File.WriteAllBytes(_folder[$"{length}.bin"], content);
            File.SetLastWriteTimeUtc(_folder[$"{length}.bin"], Written);
        }

        _kestrel = new KestrelFiles(_folder.Root);
        _server = ServerProcess.Serve(published.Binary, _folder.Root);
        _ours = new RawClient(_server.Port);
        _theirs = new RawClient(_kestrel.Port);
    }

    public void Dispose()
    {
        _ours.Dispose();
        _theirs.Dispose();
        _server.Dispose();
        _kestrel.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Preconditions_and_ranges_are_answered_as_by_Kestrel_but_for_what_is_listed()
    {
        SortedSet<int> statuses = Compare(new Random(4), out HashSet<Difference>? seen);
        Assert.Equal([200, 206, 304, 412, 416], statuses);
        // Each does occur: what no longer differs has to leave the list.
        Assert.All(Differences, difference => Assert.Contains(difference, seen));
    }

    [Fact]
    public void So_they_are_for_a_seed_of_this_run()
    {
        int seed = FuzzSeed.OfThisRun;
        TestContext.Current.TestOutputHelper?.WriteLine($"Seed {seed}");
        Compare(new Random(seed), out _);
    }

    private SortedSet<int> Compare(Random random, out HashSet<Difference> seen)
    {
        seen = [];
        List<string> unexplained = [];
        SortedSet<int> statuses = [];
        Dictionary<int, string> ourTags = Lengths.ToDictionary(length => length, length => _ours.StrongTag($"/{length}.bin"));
        Dictionary<int, string> theirTags = Lengths.ToDictionary(length => length, length => Request(_theirs, "HEAD", $"/{length}.bin", [])["ETag"]!);
        for (int i = 0; i < Rounds; i++)
        {
            var sample = Sample.Draw(random);
            string target = $"/{sample.Length}.bin";
            Answer ours = _ours.Request(sample.Method, target, sample.FieldLines(ourTags[sample.Length]));
            Answer theirs = Request(_theirs, sample.Method, target, sample.FieldLines(theirTags[sample.Length]));
            statuses.Add(ours.Status);
            Assert.True(sample.Precondition is { } status ? ours.Status == status : ours.Status is 200 or 206 or 416, $"{sample}: {Facts(ours)}");
            Difference[] differences = Array.FindAll(Differences, difference => difference.Applies(sample));
            // This server's 412 and 416 have a page, Kestrel's have nothing.
            bool isSame = Facts(ours) == Facts(theirs)
                && (ours.Status is 412 or 416 || ours.Body.AsSpan().SequenceEqual(theirs.Body));
            if (isSame)
            {
                continue;
            }

            if (differences.Length == 0)
            {
                unexplained.Add($"{sample}: {Facts(ours)}, Kestrel {Facts(theirs)}");
            }

            seen.UnionWith(differences);
        }

        Assert.True(unexplained.Count == 0, string.Join("\n", unexplained));
        return statuses;
    }

    private static (int, string?, string?) Facts(Answer answer) => (
        answer.Status,
        answer["Content-Range"],
        answer.Status is 200 or 206 ? answer["Content-Length"] : null);

    private static Answer Request(RawClient client, string method, string target, string[] lines)
    {
        client.Send($"{method} {target} HTTP/1.1\r\nHost: test\r\n" + string.Concat(lines.Select(line => line + "\r\n")) + "\r\n");
        Answer answer = client.ReadHead();
        return method == "HEAD" || answer.Status == 304 || answer["Content-Length"] is not { } length
            ? answer
            : answer with { Body = client.ReadExactly(int.Parse(length, CultureInfo.InvariantCulture)) };
    }

    /// <summary>An intended difference.</summary>
    private sealed record Difference(string Reason, Func<Sample, bool> Applies);

    /// <summary>A request; dates are seconds after the file's own.</summary>
    private sealed record Sample(
        string Method,
        int Length,
        string? IfMatch,
        int? IfUnmodifiedSince,
        string? IfNoneMatch,
        int? IfModifiedSince,
        string? IfRange,
        int? IfRangeDate,
        string? Range,
        string DateFormat)
    {
        /// <summary>What RFC 9110 §13.2.2 makes of the preconditions, Kestrel or not: 412, 304, or nothing.</summary>
        public int? Precondition =>
            (IfMatch is null ? IfUnmodifiedSince < 0 : !Holds(IfMatch, "TAG")) ? 412
            : (IfNoneMatch is null ? IfModifiedSince >= 0 : Holds(IfNoneMatch, "TAG", "W/TAG")) ? 304
            : null;

        public static Sample Draw(Random random)
        {
            int length = Pick(random, Lengths);
            int ifRange = random.Next(6);
            return new Sample(
                random.Next(5) == 0 ? "HEAD" : "GET",
                length,
                Rarely(random, () => Pick(random, Lists)),
                random.Next(5) == 0 ? random.Next(-1, 2) : null,
                Rarely(random, () => Pick(random, Lists)),
                random.Next(5) == 0 ? random.Next(-1, 2) : null,
                ifRange == 0 ? Pick(random, ["TAG", "W/TAG", "\"other\""]) : null,
                ifRange == 1 ? random.Next(-1, 2) : null,
                random.Next(4) > 0 ? DrawRange(random, length) : null,
                Pick(random, DateFormats));
        }

        public string[] FieldLines(string tag)
        {
            (string Name, string? Value)[] fields =
            [
                ("If-Match", IfMatch), ("If-Unmodified-Since", Date(IfUnmodifiedSince)),
                ("If-None-Match", IfNoneMatch), ("If-Modified-Since", Date(IfModifiedSince)),
                ("If-Range", IfRange ?? Date(IfRangeDate)), ("Range", Range),
            ];
            return
            [
                .. fields.Where(field => field.Value is not null)
                    .Select(field => $"{field.Name}: {field.Value!.Replace("TAG", tag, StringComparison.Ordinal)}"),
            ];
        }

        private static string DrawRange(Random random, int length)
        {
            int first = random.Next(4) switch
            {
                0 => 0,
                1 => random.Next(length + 1),
                2 => length - 1,
                _ => random.Next(length * 2 + 2),
            };
            first = int.Max(first, 0);
            return random.Next(14) switch
            {
                0 or 1 or 2 => $"bytes={first}-{first + random.Next(length + 2)}",
                3 or 4 => $"bytes={first}-",
                5 or 6 => $"bytes=-{first}",
                7 => $"BYTES={first}-{first}",
                8 => $"bytes={first + 1}-{first}",
                9 => $"lines={first}-",
                10 => $"bytes={first}",
                11 => "bytes=-0",
                12 => Pick(random, ["bytes=99999999999999999999-", "bytes=0-99999999999999999999", "bytes=-99999999999999999999"]),
                _ => Pick(random, ["bytes=", "bytes=-", "bytes=a-b", "bytes", "0-1", "bytes=0-1x"]),
            };
        }

        private static bool Holds(string list, params string[] tags) =>
            list == "*" || list.Split(',', StringSplitOptions.TrimEntries).Any(tags.Contains);

        private static T Pick<T>(Random random, T[] items) => items[random.Next(items.Length)];

        private static string? Rarely(Random random, Func<string> value) => random.Next(5) == 0 ? value() : null;

        private string? Date(int? seconds) =>
            seconds is { } s ? Written.AddSeconds(s).ToString(DateFormat, CultureInfo.InvariantCulture) : null;
    }
}
