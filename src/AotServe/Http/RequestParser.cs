using System;

namespace AotServe.Http;

/// <summary>Finds one request's head in received bytes (RFC 9112 §2 to §6). Stateless; keeps nothing between calls.</summary>
internal static class RequestParser
{
    /// <summary>
    /// Parses the request that begins at <paramref name="start"/>, of which the bytes up to <paramref name="end"/>
    /// have arrived, into <paramref name="head"/>. A rule that is broken in the part that has arrived is reported as
    /// soon as its line is complete (a first byte that no method can have, at once). Never throws, reads nothing
    /// outside the range.
    /// </summary>
    public static ParseStatus Parse(byte[] buffer, int start, int end, RequestHead head)
    {
        head.Attach(buffer, start);
        ReadOnlySpan<byte> received = buffer.AsSpan(start, end - start);
        if (received.IsEmpty)
        {
            return ParseStatus.Incomplete;
        }

        // One empty line before a request is skipped (RFC 9112 §2.2): some clients send one too many after a body.
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
