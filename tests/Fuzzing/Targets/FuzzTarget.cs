using System;
using System.Collections.Generic;

namespace AotServe.Fuzzing;

/// <summary>
/// A part of the server that reads bytes from outside, and what must hold of what it makes of them, whatever they are. The guided
/// fuzzer makes inputs for it; the tests run those that were kept.
/// </summary>
/// <param name="Name">The name of its corpus.</param>
/// <param name="Run">Reads one input. Throws if something does not hold.</param>
internal sealed record FuzzTarget(string Name, FuzzTarget.Reading Run)
{
    /// <summary>Reads one input.</summary>
    public delegate void Reading(ReadOnlySpan<byte> input);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new("request", RequestTarget.Run),
        new("chunked", ChunkedTarget.Run),
        new("path", PathTarget.Run),
        new("ranges", RangesTarget.Run),
        new("preconditions", PreconditionsTarget.Run),
        new("accept-encoding", AcceptEncodingTarget.Run),
        new("headers-file", HeadersFileTarget.Run),
        new("redirects-file", RedirectsFileTarget.Run),
        new("globs", GlobsTarget.Run),
        new("auth-file", AuthFileTarget.Run),
    ];

    public override string ToString() => Name;
}
