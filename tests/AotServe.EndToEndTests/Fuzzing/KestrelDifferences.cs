using System;
using System.Linq;
using System.Text.RegularExpressions;
using AotServe.Fuzzing;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>
/// The intended differences from Kestrel, all of them. What differs and is not listed fails the test, and so does what is
/// listed and differs no more.
/// </summary>
internal static partial class KestrelDifferences
{
    public static readonly KestrelDifference[] All =
    [
        Stricter(Flaws.BareLineFeed, "RFC 9112 §2.2 allows a recipient to take a LF alone for a line's end; Kestrel does, this server does not: proxies differ."),
        Stricter(Flaws.RequestLine, "RFC 9112 §3: single spaces, no control bytes, 400. Kestrel skips whitespace and CRs, and says 505 for any word in the version's place."),
        Stricter(Flaws.Target, "RFC 9112 §3.2, RFC 9110 §4.2.4: no fragment, no userinfo, only the forms that the method has. Kestrel takes some, and keeps the connection after others."),
        Stricter(Flaws.MajorVersion, "RFC 9110 §15.6.6: 505. Kestrel answers the preface of HTTP/2 with a frame of HTTP/2."),
        Stricter(Flaws.FieldLine, "RFC 9110 §5.5 allows to refuse control bytes in values; Kestrel refuses NUL, CR and LF only."),
        Stricter(Flaws.Host, "RFC 9112 §3.2: a Host that is invalid by RFC 3986 is 400. Kestrel checks less: ports beyond 65535, empty labels."),
        Stricter(Flaws.Length, "RFC 9110 §8.6: a length is digits. Kestrel's parser of numbers takes a plus sign too."),
        Stricter(Flaws.LengthAndCoding, "RFC 9112 §6.1 allows to refuse both; Kestrel ignores the length and closes after the answer."),
        Stricter(Flaws.Coding, "RFC 9112 §6.1, §6.3: chunked exactly once and last, and 501 for a coding that is not known. Kestrel looks at the last one only."),
        Stricter(Flaws.CodingInHttp10, "RFC 9112 §6.1: the framing of such a message is faulty. Kestrel decodes it and goes on."),
        Stricter(Flaws.Expectation, "RFC 9110 §10.1.1 allows 417 for what is not known; Kestrel ignores it."),
        Stricter(Flaws.ChunkLine, "RFC 9112 §7.1.1: extensions have a grammar. Kestrel skips them up to CRLF; at a size that overflows it says 500."),
        Stricter(Flaws.Trailer, "RFC 9112 §7.1.2: trailers are field lines, and end in CRLF as those do. Kestrel takes LF."),
        new(
            "minor versions",
            "RFC 9110 §2.5: a higher minor version is read as the highest that is known. Kestrel: 505.",
            (message, _, theirs) => LaterMinorVersion().IsMatch(message.Text) && theirs is { Class: 5, Closes: true }),
        new(
            "obs-text",
            "RFC 9110 §5.5: opaque bytes. Kestrel decodes values as UTF-8 and refuses what is none; in trailers with 500.",
            (message, _, theirs) => message.Text.Any(value => value >= '\u0080') && theirs is { Class: 4 or 5, Closes: true }),
        new(
            "no length in HTTP/1.0",
            "RFC 9112 §6.3: a request without framing has no content. Kestrel refuses POST and PUT of HTTP/1.0 without a length.",
            (message, _, theirs) => message is { MinorVersion: 0, HasContent: false, Method: "POST" or "PUT" } && theirs is { Class: 4, Closes: true }),
        new(
            "unusual hosts",
            "RFC 3986 §3.2.2 has sub-delims, percent-encodings, empty ports and [::] in a host; Kestrel refuses these.",
            (message, _, theirs) => message.Fields.Any(field => field.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)
                && !UsualHost().IsMatch(field.Value)) && theirs is { Class: 4, Closes: true }),
        new(
            "absolute form",
            "RFC 9112 §3.2.2: the Host of a request in absolute form is ignored. Kestrel refuses one that is another.",
            (message, _, theirs) => message.Target.Contains("://", StringComparison.Ordinal) && theirs is { Class: 4, Closes: true }),
        new(
            "encoded NUL",
            "A path with %00 is for the site to refuse, and the connection goes on. Kestrel closes.",
            (message, _, theirs) => message.Target.Contains("%00", StringComparison.Ordinal) && theirs is { Class: 4, Closes: true }),
        new(
            "whitespace in chunk lines",
            "RFC 9112 §7.1.1: whitespace before a chunk extension is bad, but has to be taken. Kestrel refuses it.",
            (message, _, theirs) => message.Verdict == ReferenceVerdict.Whole && SpaceAfterSize().IsMatch(message.Text)
                && theirs is { Class: 4, Closes: true }),
        new(
            "large chunks",
            "A chunk that is longer than any body may be is 413 as soon as its size is known. Kestrel waits for its data, or says 500 beyond 2^31.",
            (message, ours, theirs) => message.Verdict == ReferenceVerdict.Unfinished && message.HasContent
                && ours is { Class: 4, Closes: true } && (theirs == Reading.Waits || theirs is { Class: 5, Closes: true })),
        new(
            "CONNECT",
            "What follows a CONNECT may be meant for the tunnel: this server closes. Kestrel leaves that to its application.",
            (message, ours, _) => message.Method == "CONNECT" && ours is { Closes: true }),
        new(
            "unwanted content",
            "RFC 9110 §10.1.1: who waits for 100 Continue may be answered at once; the connection closes, since nobody knows whether the content follows.",
            (message, ours, theirs) => message.ExpectsContinue && ours is { Closes: true } && theirs is { Closes: false }),
    ];

    /// <summary>This server refuses and closes, whatever Kestrel does.</summary>
    private static KestrelDifference Stricter(Flaws flaw, string reason) => new(
        flaw.ToString(),
        reason,
        (message, ours, _) => message.Verdict == ReferenceVerdict.Refused && message.Flaws.HasFlag(flaw)
            && ours is { Class: 4 or 5, Closes: true });

    [GeneratedRegex(@"^(\r\n)?\S+ \S+ HTTP/1\.[2-9]\r?\n")]
    private static partial Regex LaterMinorVersion();

    [GeneratedRegex(@"\n[0-9A-Fa-f]+[ \t]+;")]
    private static partial Regex SpaceAfterSize();

    [GeneratedRegex(@"^([A-Za-z0-9._\-]*|\[[0-9A-Fa-f:.]{3,}\])(:[0-9]+)?\z")]
    private static partial Regex UsualHost();
}
