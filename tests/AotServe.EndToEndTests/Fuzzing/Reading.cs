using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>What a server made of one message of a stream.</summary>
/// <param name="Class">The first digit of the status.</param>
/// <param name="Content">The content that it found, of a request whose answer says so; else null.</param>
/// <param name="Closes">Whether it then closed.</param>
internal sealed record Reading(int Class, string? Content, bool Closes)
{
    /// <summary>The server waits for more bytes.</summary>
    public static readonly Reading Waits = new(0, null, Closes: false);

    /// <summary>The readings of a stream, one for each final response, and what came after the last.</summary>
    /// <param name="stream">What was sent.</param>
    /// <param name="exchange">What came back.</param>
    /// <param name="echoesFields">
    /// Whether it is this server, which gives back the fields too, and whose responses have to be without fault.
    /// </param>
    public static List<Reading> Of(string stream, StreamExchange exchange, bool echoesFields)
    {
        List<ReferenceMessage> messages = ReferenceReader.Read(stream);
        string[] methods = [.. messages.Select(message => message.Method)];
        List<Answer> all = echoesFields
            ? AnswerStream.Read(exchange.Received, methods, exchange.IsReset)
            : AnswerStream.ReadSome(exchange.Received, methods);
        Answer[] answers = all.Where(answer => answer.Status >= 200).ToArray();
        IEnumerable<Reading> readings = answers.Select((answer, index) => new Reading(
            answer.Status / 100,
            index < messages.Count ? ContentOf(messages[index], answer, echoesFields) : null,
            answer.Closes || (index == answers.Length - 1 && !exchange.IsWaiting)));
        return exchange.IsWaiting ? [.. readings, Waits] : [.. readings];
    }

    private static string? ContentOf(ReferenceMessage message, Answer answer, bool echoesFields)
    {
        bool isEcho = message.Target.Length > 0 && ReferenceSite.PathOf(message.Target) == "/echo";
        if (answer.Status != 200 || message.Method == "HEAD" || message.Verdict != ReferenceVerdict.Whole || !isEcho)
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(answer.Body);
        int fields = message.Fields.Sum(field => field.Name.Length + field.Value.Length + 3) + 1;
        return echoesFields && text.Length >= fields ? text[fields..] : text;
    }

    public override string ToString() =>
        this == Waits ? "waits" : $"{Class}xx{(Closes ? ", closes" : "")}{(Content is null ? "" : $", {CSharpText.Of(Content)}")}";
}
