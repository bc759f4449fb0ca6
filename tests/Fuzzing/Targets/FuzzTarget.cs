using System;
using System.Collections.Generic;

namespace AotServe.Fuzzing;

/// <summary>
/// A part of the server that reads bytes from outside, and what must hold of what it makes of them, whatever they are. The guided
/// fuzzer makes inputs for it; the tests run those that were kept.
/// </summary>
/// <param name="Name">The name of its corpus.</param>
/// <param name="Read">Reads one input. Throws if something does not hold.</param>
internal sealed record FuzzTarget(string Name, FuzzTarget.Reading Read)
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

    /// <summary>Reads one input. Throws if something does not hold.</summary>
    public void Run(ReadOnlySpan<byte> input)
    {
        try
        {
            Read(input);
        }
        catch (NotSupportedException e) when (e.Message.Contains("NonBacktracking", StringComparison.Ordinal))
        {
            // The plain reading is a regular expression, and .NET takes none that is as large as that one.
        }
    }

    public override string ToString() => Name;
}
