using System.Collections.Generic;

namespace AotServe.Fuzzing;

/// <summary>What <see cref="ReferenceReader"/> found at a place of a stream.</summary>
/// <param name="Verdict">Whether it is a request.</param>
/// <param name="Flaws">Why not, where it is refused.</param>
internal sealed record ReferenceMessage(ReferenceVerdict Verdict, Flaws Flaws)
{
    /// <summary>How many bytes it has; of a whole one only.</summary>
    public int Length { get; init; }

    /// <summary>The bytes; of one that is not whole, all to the end of the stream.</summary>
    public string Text { get; init; } = "";

    /// <summary>How many of them are its head; 0 where that is not complete and sound.</summary>
    public int HeadLength { get; init; }

    /// <summary>The token before the first space, if it begins like that.</summary>
    public string Method { get; init; } = "";

    public string Target { get; init; } = "";

    public int MinorVersion { get; init; }

    /// <summary>The field lines, without whitespace around their values.</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; init; } = [];

    /// <summary>Whether the head says that content follows.</summary>
    public bool HasContent { get; init; }

    /// <summary>What Content-Length says, where it frames the content.</summary>
    public long ContentLength { get; init; }

    /// <summary>The content without its framing; of a whole one only.</summary>
    public string Content { get; init; } = "";

    /// <summary>Whether the client allows another request after it.</summary>
    public bool Persists { get; init; }

    /// <summary>Whether it asks for <c>100 Continue</c>.</summary>
    public bool ExpectsContinue { get; init; }
}
