using System.Collections.Generic;

namespace AotServe.Fuzzing;

/// <summary>
/// What a stream of bytes means by RFC 9110 and RFC 9112, read slowly and plainly: strings, lines and regular
/// expressions, all of the stream at once. Shares nothing with the server, so that both can be wrong only apart. Like
/// the server it takes the strict choice wherever the RFCs leave one.
/// </summary>
internal static class ReferenceReader
{
    /// <summary>
    /// The messages of a stream, up to and with the first that is not whole, or the end; whether a connection would be
    /// closed before is not looked at.
    /// </summary>
    public static List<ReferenceMessage> Read(string stream)
    {
        List<ReferenceMessage> messages = [];
        for (int at = 0; at < stream.Length;)
        {
            ReferenceMessage message = ReadOne(stream[at..]);
            bool isWhole = message.Verdict == ReferenceVerdict.Whole;
            messages.Add(message with { Text = isWhole ? stream.Substring(at, message.Length) : stream[at..] });
            if (!isWhole)
            {
                break;
            }

            at += message.Length;
        }

        return messages;
    }

    private static ReferenceMessage ReadOne(string text)
    {
        ReferenceMessage message = ReferenceHead.Read(text);
        if (message.Verdict != ReferenceVerdict.Whole)
        {
            return message;
        }

        string rest = text[message.HeadLength..];
        if (!message.HasContent)
        {
            return message with { Length = message.HeadLength };
        }

        if (message.ContentLength == 0)
        {
            return ReferenceChunks.Read(message, rest);
        }

        return rest.Length < message.ContentLength
            ? message with { Verdict = ReferenceVerdict.Unfinished }
            : message with
            {
                Content = rest[..(int)message.ContentLength],
                Length = message.HeadLength + (int)message.ContentLength,
            };
    }
}
