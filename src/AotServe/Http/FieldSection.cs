using System;

namespace AotServe.Http;

/// <summary>The field lines of a request's head and the empty line that ends them (RFC 9112 §5).</summary>
internal static class FieldSection
{
    /// <summary>
    /// Parses the section that begins at <paramref name="position"/> of <paramref name="received"/>, the bytes of the
    /// request that have arrived. A rejection never depends on bytes after the one that causes it, so the result is the
    /// same for any split of the bytes into packets.
    /// </summary>
    public static ParseStatus Parse(ReadOnlySpan<byte> received, int position, RequestHead head)
    {
        int largest = position + HttpLimits.FieldSection;
        ReadOnlySpan<byte> section = received[..Math.Min(received.Length, largest)];
        bool full = section.Length == largest;
        var fields = default(ProtocolFields);
        while (position < received.Length)
        {
            if (received[position] == '\r')
            {
                if (position + 1 == received.Length)
                {
                    return ParseStatus.Incomplete;
                }

                if (received[position + 1] != '\n')
                {
                    return head.Reject(Rejection.BadLineEnd);
                }

                head.Length = position + 2;
                Rejection verdict = fields.Conclude(head);
                return verdict == Rejection.None ? ParseStatus.Complete : head.Reject(verdict);
            }

            if (head.FieldCount == HttpLimits.FieldLines)
            {
                return head.Reject(Rejection.TooManyFieldLines);
            }

            ReadOnlySpan<byte> line = section[position..];
            int colon = ByteClass.IndexOfNonToken(line);
            if (colon < 0)
            {
                return OutOfBytes(head, full);
            }

            if (line[colon] != ':' || colon == 0)
            {
                return head.Reject(RejectionOfName(line[colon], colon));
            }

            int valueStart = colon + 1;
            int valueEnd = ByteClass.IndexOfNonFieldContent(line[valueStart..]) + valueStart;
            if (valueEnd < valueStart)
            {
                return OutOfBytes(head, full);
            }

            if (line[valueEnd] != '\r')
            {
                return head.Reject(line[valueEnd] == '\n' ? Rejection.BadLineEnd : Rejection.BadFieldValue);
            }

            int next = valueEnd + 2;
            if (next > line.Length)
            {
                return OutOfBytes(head, full);
            }

            if (line[valueEnd + 1] != '\n')
            {
                return head.Reject(Rejection.BadLineEnd);
            }

            while (valueStart < valueEnd && ByteClass.IsWhitespace(line[valueStart]))
            {
                valueStart++;
            }

            while (valueStart < valueEnd && ByteClass.IsWhitespace(line[valueEnd - 1]))
            {
                valueEnd--;
            }

            var field = new FieldLine(position, colon, position + valueStart, valueEnd - valueStart);
            head.Add(field);
            Rejection rejection = fields.Add(line[..colon], line[valueStart..valueEnd], field, head);
            if (rejection != Rejection.None)
            {
                return head.Reject(rejection);
            }

            position += next;
        }

        return ParseStatus.Incomplete;
    }

    /// <summary>The line continues after the bytes that have arrived, or exceeds the limit for the section.</summary>
    private static ParseStatus OutOfBytes(RequestHead head, bool full) =>
        full ? head.Reject(Rejection.FieldSectionTooLarge) : ParseStatus.Incomplete;

    private static Rejection RejectionOfName(byte found, int at) => found switch
    {
        (byte)'\n' => Rejection.BadLineEnd,
        _ when !ByteClass.IsWhitespace(found) => Rejection.BadFieldName,
        _ => at == 0 ? Rejection.FoldedField : Rejection.SpaceBeforeColon,
    };
}
