using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Fuzzing;

/// <summary>What parser and decoder make of a stream that arrives in pieces, as a connection would use them.</summary>
internal static class ParsedStream
{
    /// <summary>
    /// Reads a stream to its end or to the first message that is refused, in the terms of the reference. The bytes
    /// behind those that have arrived are <paramref name="beyond"/>, which must make no difference.
    /// </summary>
    public static List<ReferenceMessage> Read(string stream, Func<int> nextPiece, byte beyond)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(stream);
        byte[] buffer = new byte[bytes.Length + 16];
        buffer.AsSpan().Fill(beyond);
        var messages = new List<ReferenceMessage>();
        var head = new RequestHead();
        int arrived = 0;
        int start = 0;
        while (start < bytes.Length)
        {
            ParseStatus status;
            while ((status = RequestParser.Parse(buffer, start, arrived, head)) == ParseStatus.Incomplete && arrived < bytes.Length)
            {
                Arrive();
            }

            if (status != ParseStatus.Complete)
            {
                messages.Add(End(status));
                return messages;
            }

            ReferenceMessage message = Describe(head);
            int at = start + head.Length;
            var content = new StringBuilder();
            status = ReadContent(message, content, ref at);
            if (status != ParseStatus.Complete)
            {
                messages.Add(End(status));
                return messages;
            }

            messages.Add(message with { Content = content.ToString(), Length = at - start });
            start = at;
        }

        return messages;

        void Arrive()
        {
            int count = Math.Clamp(nextPiece(), 1, bytes.Length - arrived);
            bytes.AsSpan(arrived, count).CopyTo(buffer.AsSpan(arrived));
            arrived += count;
        }

        ParseStatus ReadContent(ReferenceMessage message, StringBuilder content, ref int at)
        {
            var decoder = default(ChunkedDecoder);
            bool isChunked = message.HasContent && message.ContentLength == 0;
            while (isChunked || content.Length < message.ContentLength)
            {
                if (at == arrived && arrived == bytes.Length)
                {
                    return ParseStatus.Incomplete;
                }

                if (at == arrived)
                {
                    Arrive();
                }

                if (!isChunked)
                {
                    int count = (int)Math.Min(message.ContentLength - content.Length, arrived - at);
                    content.Append(Latin1(buffer.AsSpan(at, count)));
                    at += count;
                    continue;
                }

                ParseStatus status = decoder.Decode(buffer.AsSpan(at, arrived - at), out int consumed, out ReadOnlySpan<byte> data);
                if (consumed < 1 || consumed > arrived - at || data.Length > consumed)
                {
                    throw new InvalidOperationException($"A step consumed {consumed} of {arrived - at} and gave {data.Length}.");
                }

                content.Append(Latin1(data));
                at += consumed;
                if (status != ParseStatus.Incomplete)
                {
                    return status;
                }
            }

            return ParseStatus.Complete;
        }
    }

    /// <summary>What a head says, in the terms of the reference.</summary>
    public static ReferenceMessage Describe(RequestHead head)
    {
        var fields = new List<(string, string)>();
        for (int i = 0; i < head.FieldCount; i++)
        {
            fields.Add((Latin1(head.FieldName(i)), Latin1(head.FieldValue(i))));
        }

        return new ReferenceMessage(ReferenceVerdict.Whole, Flaws.None)
        {
            HeadLength = head.Length,
            Method = Latin1(head.MethodToken),
            Target = Latin1(head.Target),
            MinorVersion = head.MinorVersion,
            Fields = fields,
            HasContent = head.Framing != BodyFraming.None,
            ContentLength = head.ContentLength,
            Persists = head.KeepAlive,
            ExpectsContinue = head.ExpectsContinue,
        };
    }

    private static string Latin1(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static ReferenceMessage End(ParseStatus status) =>
        new(status == ParseStatus.Rejected ? ReferenceVerdict.Refused : ReferenceVerdict.Unfinished, Flaws.None);
}
