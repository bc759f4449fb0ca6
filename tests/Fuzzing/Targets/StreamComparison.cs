using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Http;

namespace AotServe.Fuzzing;

/// <summary>Parser and decoder against <see cref="ReferenceReader"/>, with the stream arriving in different pieces.</summary>
internal static class StreamComparison
{
    /// <summary>Beyond this, a stream is not read byte by byte: that takes a time that grows with its square.</summary>
    private const int LongestByteByByte = 3000;

    /// <summary>Reads a stream in several ways. Throws a <see cref="FuzzFinding"/> where one is not as the reference reads it.</summary>
    /// <returns>The messages of the stream.</returns>
    public static List<ReferenceMessage> Check(string stream, Random random)
    {
        List<ReferenceMessage> expected = ReferenceReader.Read(stream);
        CheckSame(expected, ParsedStream.Read(stream, () => stream.Length, beyond: (byte)'\n'), "whole");
        if (stream.Length < LongestByteByByte)
        {
            CheckSame(expected, ParsedStream.Read(stream, () => 1, beyond: (byte)'\r'), "byte by byte");
        }

        CheckSame(expected, ParsedStream.Read(stream, () => random.Next(1, 40), beyond: (byte)'0'), "in pieces");
        foreach (ReferenceMessage message in expected.Where(message => message.Verdict == ReferenceVerdict.Whole))
        {
            CheckRewritten(message);
        }

        return expected;
    }

    private static void CheckSame(List<ReferenceMessage> expected, List<ReferenceMessage> actual, string how)
    {
        for (int i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            ReferenceMessage? right = i < expected.Count ? expected[i] : null;
            ReferenceMessage? found = i < actual.Count ? actual[i] : null;
            // What is unfinished may be refused already: a single byte can tell that nothing good will come of it.
            bool same = right is { Verdict: ReferenceVerdict.Whole } && found is { Verdict: ReferenceVerdict.Whole }
                ? AreEqual(right, found)
                : right is not null && found is not null && right.Verdict != ReferenceVerdict.Whole
                    && found.Verdict != ReferenceVerdict.Whole
                    && (right.Verdict == ReferenceVerdict.Unfinished || found.Verdict == ReferenceVerdict.Refused);
            FuzzFinding.Unless(same, $"Message {i}, read {how}:\n{found}\nbut the reference says\n{right}");
        }
    }

    private static bool AreEqual(ReferenceMessage one, ReferenceMessage other) =>
        one.Fields.SequenceEqual(other.Fields) && one == other with { Fields = one.Fields, Text = one.Text };

    /// <summary>A head that was taken says the same when it is written anew, in the one canonical way.</summary>
    private static void CheckRewritten(ReferenceMessage message)
    {
        byte[] bytes = Encoding.Latin1.GetBytes($"{message.Method} {message.Target} HTTP/1.{message.MinorVersion}\r\n"
            + string.Concat(message.Fields.Select(field => $"{field.Name}: {field.Value}\r\n")) + "\r\n");
        var head = new RequestHead();
        ParseStatus status = RequestParser.Parse(bytes, 0, bytes.Length, head);
        FuzzFinding.Unless(status == ParseStatus.Complete, $"Written anew, the message is {status}: {message}");
        ReferenceMessage again = ParsedStream.Describe(head) with
        {
            HeadLength = message.HeadLength,
            Length = message.Length,
            Content = message.Content,
        };
        FuzzFinding.Unless(AreEqual(message, again), $"{again}\nbut before\n{message}");
    }
}
