using System;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>
/// What a rule's pattern is compared with, and the values of its wildcards in one request: slices of its path and of its query.
/// Matching fills the slots in the order of the names in the rule, those of the path first.
/// </summary>
internal ref struct Captures
{
    /// <summary>The length of the buffer for the places of segments: a path of one-byte names has the most, and one is its end.</summary>
    public const int PlacesLength = (ResolvedPath.BufferLength / 2) + 2;

    /// <summary>The path in the form of <see cref="ResolvedPath.WithSlash"/>.</summary>
    public readonly ReadOnlySpan<byte> Path;

    /// <summary>The query as it was sent.</summary>
    public readonly ReadOnlySpan<byte> Query;

    /// <summary>The slices; there is room for <see cref="RuleFile.MaxCaptures"/>.</summary>
    public readonly Span<(int Start, int Length)> Slots;

    /// <summary>The parameters of the query that are not empty, where they were split; see <see cref="QueryDecoding.Split"/>.</summary>
    public ReadOnlySpan<SentParameter> Parameters;

    /// <summary>Their values, decoded.</summary>
    public ReadOnlySpan<byte> Decoded;

    /// <summary>How many slots are slices of the path. Those behind them are slices of the query.</summary>
    public int FromPath;

    private readonly ReadOnlySpan<int> _starts;

    /// <summary>Splits a path, once for all patterns that it is compared with.</summary>
    /// <param name="path">The path.</param>
    /// <param name="query">The query.</param>
    /// <param name="slots">Room for <see cref="RuleFile.MaxCaptures"/> values.</param>
    /// <param name="places">Room for <see cref="PlacesLength"/> places.</param>
    public Captures(ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, Span<(int Start, int Length)> slots, Span<int> places)
    {
        Path = path;
        Query = query;
        Slots = slots;
        ReadOnlySpan<byte> names = EndsInSlash && !path.IsEmpty ? path[..^1] : path;
        int count = 0;
        for (int at = 0; at <= names.Length && !names.IsEmpty;)
        {
            places[count++] = at;
            int length = names[at..].IndexOf((byte)'/');
            at = length < 0 ? names.Length + 1 : at + length + 1;
        }

        places[count] = names.Length + 1;
        _starts = places[..(count + 1)];
    }

    /// <summary>Whether the path is a folder's. That of the root is.</summary>
    public readonly bool EndsInSlash => Path.IsEmpty || Path[^1] == '/';

    /// <summary>How many segments the path has; none for the root.</summary>
    public readonly int SegmentCount => _starts.Length - 1;

    /// <summary>A value, decoded if it is from the path, percent-encoded if it is from the query.</summary>
    public readonly ReadOnlySpan<byte> this[int index] =>
        (index < FromPath ? Path : Query).Slice(Slots[index].Start, Slots[index].Length);

    /// <summary>Where a segment begins.</summary>
    public readonly int StartOf(int segment) => _starts[segment];

    /// <summary>Where a segment ends: at a slash, or at the end of the path.</summary>
    public readonly int EndOf(int segment) => _starts[segment + 1] - 1;
}
