using System;

namespace AotServe.Sites.Rules;

/// <summary>A <see cref="RedirectTarget"/> with the values of one request in it, in a buffer of the caller.</summary>
internal readonly ref struct ExpandedTarget
{
    /// <summary>The whole URL reference (RFC 3986 §4.1), as Location has it.</summary>
    public required ReadOnlySpan<byte> Reference { get; init; }

    /// <summary>Its path, percent-encoded.</summary>
    public required ReadOnlySpan<byte> Path { get; init; }

    /// <summary>Its query without the question mark; empty if it has none.</summary>
    public required ReadOnlySpan<byte> Query { get; init; }
}
