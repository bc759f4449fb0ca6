using System;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>
/// The values of a rule's wildcards in one request: slices of its path and of its query. Matching fills the slots in the order
/// of the names in the rule, those of the path first.
/// </summary>
internal ref struct Captures(
    ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, Span<(int Start, int Length)> slots)
{
    /// <summary>
    /// The path in the form of <see cref="ResolvedPath.WithSlash"/>.
    /// </summary>
    public readonly ReadOnlySpan<byte> Path = path;

    /// <summary>The query as it was sent.</summary>
    public readonly ReadOnlySpan<byte> Query = query;

    /// <summary>The slices; there is room for <see cref="RuleFile.MaxCaptures"/>.</summary>
    public readonly Span<(int Start, int Length)> Slots = slots;

    /// <summary>The parameters of the query that are not empty, where they were split; see <see cref="QueryDecoding.Split"/>.</summary>
    public ReadOnlySpan<(int Start, int Length)> Parameters;

    /// <summary>How many slots are slices of the path. Those behind them are slices of the query.</summary>
    public int FromPath;

    /// <summary>A value, decoded if it is from the path, percent-encoded if it is from the query.</summary>
    public readonly ReadOnlySpan<byte> this[int index] =>
        (index < FromPath ? Path : Query).Slice(Slots[index].Start, Slots[index].Length);
}
