using System;
using AotServe.Sites.Paths;

namespace AotServe.Sites.Rules;

/// <summary>
/// What the placeholders of a rule stand for in one request: slices of its path and of its query. Slots are filled by
/// matching, in the order of the names in the rule: those of the path first.
/// </summary>
internal ref struct Captures(
    ReadOnlySpan<byte> path, ReadOnlySpan<byte> query, Span<(int Start, int Length)> slots)
{
    /// <summary>
    /// The decoded path as <see cref="RequestPath"/> makes it, with its trailing slash where there was one; empty for the
    /// root.
    /// </summary>
    public readonly ReadOnlySpan<byte> Path = path;

    /// <summary>The query as it was sent.</summary>
    public readonly ReadOnlySpan<byte> Query = query;

    /// <summary>Where the values lie; <see cref="RuleFile.MaxCaptures"/> of them.</summary>
    public readonly Span<(int Start, int Length)> Slots = slots;

    /// <summary>How many of the slots are slices of the path; those after them are of the query.</summary>
    public int FromPath;

    /// <summary>A value: decoded if it is from the path, still percent-encoded if it is from the query.</summary>
    public readonly ReadOnlySpan<byte> this[int index] =>
        (index < FromPath ? Path : Query).Slice(Slots[index].Start, Slots[index].Length);
}
