using System;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>
/// Apache's combined log format: <c>%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"</c>, in UTC. Where the connection was lost, the word
/// <c>aborted</c> follows, which readers of the format pass over.
/// </summary>
/// <param name="users">Reads the names of users; null: nobody signs in.</param>
internal sealed class CombinedFormat(UserNames? users) : LineFormat
{
    private readonly byte[] _time = new byte[" [28/Nov/2026:21:30:00 +0000] \""u8.Length];
    private long _second = long.MinValue;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    public override int Describe(RequestHead head, in ExchangeStart start, OutputBuffer description)
    {
        int first = description.Length;
        description.Write(TextOf(start.Client));
        description.Write(" - "u8);
        WriteUser(head, start, description);
        description.Write(Time(start.Now));
        if (start.IsRefused)
        {
            WriteOrDash(description, start.RefusedLine);
        }
        else
        {
            description.Write(head.MethodToken); // A token (RFC 9110 §5.6.2): nothing to escape.
            description.Write(" "u8);
            LogText.WriteEscaped(description, head.Target);
            description.Write(head.MinorVersion == 0 ? " HTTP/1.0"u8 : " HTTP/1.1"u8);
        }

        description.Write("\" "u8);
        int split = description.Length - first;
        description.Write(" \""u8);
        WriteOrDash(description, FieldOf(head, start, "referer"u8));
        description.Write("\" \""u8);
        WriteOrDash(description, FieldOf(head, start, "user-agent"u8));
        description.Write("\""u8);
        return split;
    }

    public override void Finish(
        in Exchange exchange, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, long sent, bool isLost, OutputBuffer line)
    {
        line.Write(before);
        line.Write(exchange.Status);
        line.Write(" "u8);
        if (sent == 0)
        {
            line.Write("-"u8);
        }
        else
        {
            line.Write(sent);
        }

        line.Write(after);
        line.Write(isLost ? " aborted\n"u8 : "\n"u8);
    }

    private static void WriteOrDash(OutputBuffer output, ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            output.Write("-"u8);
        }
        else
        {
            LogText.WriteEscaped(output, text);
        }
    }

    private void WriteUser(RequestHead head, in ExchangeStart start, OutputBuffer output)
    {
        Span<byte> space = stackalloc byte[UserNames.Longest];
        if (users is null || !users.TryRead(head, start, space, out int length))
        {
            output.Write("-"u8);
        }
        else
        {
            LogText.WriteWord(output, space[..length]);
        }
    }

    private ReadOnlySpan<byte> Time(DateTime now)
    {
        long second = now.Ticks / TimeSpan.TicksPerSecond;
        if (second != _second)
        {
            _second = second;
            " [00/Jan/0000:00:00:00 +0000] \""u8.CopyTo(_time);
            LogTime.Put(_time.AsSpan(2), now.Day);
            Months.Slice(3 * (now.Month - 1), 3).CopyTo(_time.AsSpan(5));
            LogTime.Put(_time.AsSpan(9), now.Year / 100);
            LogTime.Put(_time.AsSpan(11), now.Year % 100);
            LogTime.PutTime(_time.AsSpan(14), now);
        }

        return _time;
    }
}
