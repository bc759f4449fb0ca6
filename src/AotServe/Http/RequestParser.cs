using System;

namespace AotServe.Http;

/// <summary>Parses the head of one request (RFC 9112 §2 to §6). Keeps no state between calls.</summary>
internal static class RequestParser
{
    /// <summary>
    /// Parses the request that begins at <paramref name="start"/>, of which the bytes up to <paramref name="end"/>
    /// have arrived, into <paramref name="head"/>. A violation is reported at the latest when its line is complete; a first
    /// byte that no method begins with, at once. Never throws, and reads nothing outside of the range.
    /// </summary>
    public static ParseStatus Parse(byte[] buffer, int start, int end, RequestHead head)
    {
        head.Attach(buffer, start);
        ReadOnlySpan<byte> received = buffer.AsSpan(start, end - start);
        if (received.IsEmpty)
        {
            return ParseStatus.Incomplete;
        }

        // One empty line before a request is skipped (RFC 9112 §2.2): some clients send an extra one after a body.
        int position = 0;
        if (received[0] == '\r')
        {
            if (received.Length == 1)
            {
                return ParseStatus.Incomplete;
            }

            if (received[1] != '\n')
            {
                return head.Reject(Rejection.BadLineEnd);
            }

            position = 2;
        }

        ParseStatus status = RequestLine.Parse(received, ref position, head);
        return status == ParseStatus.Complete ? FieldSection.Parse(received, position, head) : status;
    }
}
