using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>Holds what came back on a connection against what the reference says that the stream means.</summary>
internal static class StreamCheck
{
    /// <summary>What is wrong with the answers; null: nothing.</summary>
    public static string? Violation(string stream, StreamExchange exchange)
    {
        List<ReferenceMessage> messages = ReferenceReader.Read(stream);
        List<Answer> answers = AnswerStream.Read(exchange.Received, [.. messages.Select(message => message.Method)], exchange.IsReset);
        int finals = 0;
        bool isClosed = false;
        int interims = 0;
        foreach (Answer answer in answers)
        {
            if (isClosed)
            {
                return $"{answer.Status} after the answer that closes";
            }

            if (finals == messages.Count)
            {
                return $"{answer.Status} to no request";
            }

            ReferenceMessage message = messages[finals];
            if (answer.Status < 200)
            {
                if (answer.Status != 100 || ++interims > 1 || !message.ExpectsContinue)
                {
                    return $"{answer.Status} to message {finals}";
                }

                continue;
            }

            if (Violation(message, answer) is { } violation)
            {
                return $"message {finals} ({message.Verdict}, {message.Flaws}): {violation}";
            }

            isClosed = answer.Closes;
            interims = 0;
            finals++;
        }

        bool silentlyDropped = !isClosed && finals < messages.Count && messages[finals].Verdict != ReferenceVerdict.Unfinished;
        // A client that says that it sends no more, and does, may be reset: RFC 9112 §9.6 protects those who did not say so.
        int last = messages.FindIndex(message => message is { Verdict: ReferenceVerdict.Whole, Persists: false });
        bool mayBeReset = last >= 0 && messages.Take(last + 1).Sum(message => message.Length) < stream.Length;
        return exchange.IsReset && !mayBeReset ? "the connection was reset"
            : silentlyDropped && !exchange.IsReset ? $"message {finals} ({messages[finals].Verdict}) was not answered"
            : null;
    }

    private static string? Violation(ReferenceMessage message, Answer answer)
    {
        if (message.Verdict != ReferenceVerdict.Whole)
        {
            bool isEarly = message.ContentLength > ReferenceSite.LargestContent
                || (message.ExpectsContinue && message.Verdict == ReferenceVerdict.Unfinished);
            return !answer.Closes ? $"{answer.Status} does not close"
                : answer.Status >= 400 || isEarly || message.ExpectsContinue ? null
                : $"{answer.Status}";
        }

        var expected = ReferenceSite.To(message);
        return answer.Status != expected.Status ? $"{answer.Status} in place of {expected.Status}"
            : answer.Closes != expected.Closes ? $"{(answer.Closes ? "closes" : "does not close")}"
            : expected.Content is { } content && Encoding.Latin1.GetString(answer.Body) != content
                ? $"the content is {CSharpText.Of(Encoding.Latin1.GetString(answer.Body))} in place of {CSharpText.Of(content)}"
            : null;
    }
}
