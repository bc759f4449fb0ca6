using System;

namespace AotServe.Http;

/// <summary>The request line, <c>method SP request-target SP HTTP-version CRLF</c> (RFC 9112 §3).</summary>
internal static class RequestLine
{
    /// <summary>The longest method that is registered with IANA: UPDATEREDIRECTREF.</summary>
    private const int LongestMethod = 17;

    private static ReadOnlySpan<byte> Http11 => "HTTP/1.1"u8;

    /// <summary>
    /// Parses the line that begins at <paramref name="position"/> of <paramref name="received"/>, the bytes of the
    /// request that have arrived, and moves the position after it. A rejection never depends on bytes after the one that
    /// causes it, so the result is the same for any split of the bytes into packets.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> received, ref int position, RequestHead head)
    {
        int start = position;
        int room = Math.Min(received.Length - start, HttpLimits.RequestLine);
        ReadOnlySpan<byte> line = received.Slice(start, room);

        int methodEnd = ByteClass.IndexOfNonToken(line);
        if (methodEnd < 0)
        {
            return OutOfBytes(line, line.Length, head);
        }

        if (methodEnd == 0 || line[methodEnd] != ' ')
        {
            return head.Reject(Rejection.BadMethod);
        }

        // Set even if the rest is rejected: an error response to HEAD has no content either (RFC 9110 §9.3.2).
        head.MethodRange = (start, methodEnd);
        head.Method = MethodOf(line[..methodEnd]);
        int targetStart = methodEnd + 1;
        int targetLength = line[targetStart..].IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E);
        if (targetLength < 0)
        {
            return OutOfBytes(line, methodEnd, head);
        }

        int targetEnd = targetStart + targetLength;
        if (targetLength == 0 || line[targetEnd] != ' ')
        {
            return head.Reject(Rejection.BadTarget);
        }

        ReadOnlySpan<byte> version = line[(targetEnd + 1)..];
        if (!version.StartsWith(Http11))
        {
            if (!MatchesVersion(version))
            {
                return head.Reject(Rejection.BadVersion);
            }

            if (version.Length < Http11.Length)
            {
                return OutOfBytes(line, methodEnd, head);
            }
        }

        int end = start + targetEnd + 1 + Http11.Length;
        if (end == received.Length)
        {
            return ParseStatus.Incomplete;
        }

        if (received[end] != '\r')
        {
            return head.Reject(RejectionAfterVersion(received[end], end - start, methodEnd));
        }

        if (end + 1 == received.Length)
        {
            return ParseStatus.Incomplete;
        }

        if (received[end + 1] != '\n')
        {
            return head.Reject(Rejection.BadLineEnd);
        }

        position = end + 2;

        // Checked before the target, whose forms depend on the version (the HTTP/2 preface is `PRI * HTTP/2.0`).
        if (version[5] != '1')
        {
            return head.Reject(Rejection.UnsupportedVersion);
        }

        head.MinorVersion = version[7] == '0' ? 0 : 1;
        head.TargetRange = (start + targetStart, targetLength);
        return RequestTarget.TryParse(head) ? ParseStatus.Complete : head.Reject(Rejection.BadTarget);
    }

    /// <summary>The line continues after the bytes that have arrived, or exceeds the limit.</summary>
    private static ParseStatus OutOfBytes(ReadOnlySpan<byte> line, int methodLength, RequestHead head) =>
        line.Length < HttpLimits.RequestLine ? ParseStatus.Incomplete : head.Reject(TooLong(methodLength));

    private static Rejection TooLong(int methodLength) =>
        methodLength > LongestMethod ? Rejection.MethodTooLong : Rejection.RequestLineTooLong;

    private static Rejection RejectionAfterVersion(byte found, int length, int methodLength) =>
        length == HttpLimits.RequestLine ? TooLong(methodLength)
        : found == '\n' ? Rejection.BadLineEnd
        : Rejection.BadVersion;

    /// <summary>Whether the bytes are <c>HTTP/d.d</c>, or the beginning of it if fewer have arrived.</summary>
    private static bool MatchesVersion(ReadOnlySpan<byte> version)
    {
        for (int i = 0; i < Math.Min(version.Length, Http11.Length); i++)
        {
            bool matches = i is 5 or 7 ? version[i] is >= (byte)'0' and <= (byte)'9' : version[i] == Http11[i];
            if (!matches)
            {
                return false;
            }
        }

        return true;
    }

    private static RequestMethod MethodOf(ReadOnlySpan<byte> token) => (token.Length, token[0]) switch
    {
        (3, (byte)'G') when token.SequenceEqual("GET"u8) => RequestMethod.Get,
        (3, (byte)'P') when token.SequenceEqual("PUT"u8) => RequestMethod.Put,
        (4, (byte)'H') when token.SequenceEqual("HEAD"u8) => RequestMethod.Head,
        (4, (byte)'P') when token.SequenceEqual("POST"u8) => RequestMethod.Post,
        (5, (byte)'P') when token.SequenceEqual("PATCH"u8) => RequestMethod.Patch,
        (5, (byte)'T') when token.SequenceEqual("TRACE"u8) => RequestMethod.Trace,
        (6, (byte)'D') when token.SequenceEqual("DELETE"u8) => RequestMethod.Delete,
        (7, (byte)'C') when token.SequenceEqual("CONNECT"u8) => RequestMethod.Connect,
        (7, (byte)'O') when token.SequenceEqual("OPTIONS"u8) => RequestMethod.Options,
        _ => RequestMethod.Other,
    };
}
