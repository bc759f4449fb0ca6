using System;

namespace AotServe.Http;

/// <summary>HTTP dates (RFC 9110 §5.6.7), as seconds since 1970-01-01T00:00:00Z.</summary>
internal static class HttpDate
{
    /// <summary>The length of an IMF-fixdate, <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public const int Length = 29;

    /// <summary>Writes an IMF-fixdate of <see cref="Length"/> bytes. Years 1 to 9999; others are clamped.</summary>
    public static void Format(long unixSeconds, Span<byte> destination) => throw new NotImplementedException();

    /// <summary>
    /// Parses any of the three formats that a recipient must accept: IMF-fixdate, RFC 850 (a two-digit year more than
    /// 50 years ahead of <paramref name="nowUnixSeconds"/> is in the past century) and asctime. False where it is none.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, long nowUnixSeconds, out long unixSeconds) =>
        throw new NotImplementedException();
}
