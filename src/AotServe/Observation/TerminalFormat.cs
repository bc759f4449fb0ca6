using System;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>Lines for eyes: the time of day (UTC), method, target, status in colour, size, time.</summary>
/// <param name="hasColour">Whether the terminal shows colours and the user wants them (NO_COLOR).</param>
internal sealed class TerminalFormat(bool hasColour) : LineFormat
{
    public override int Describe(RequestHead head, in ExchangeStart start, OutputBuffer description)
    {
        int first = description.Length;
        LogTime.WriteTime(description, start.Now);
        if (start.IsRefused)
        {
            LogText.WriteEscaped(description, start.RefusedLine);
        }
        else
        {
            description.Write(head.MethodToken);
            description.Write(" "u8);
            LogText.WriteEscaped(description, head.Target);
        }

        return description.Length - first;
    }

    public override void Finish(
        in Exchange exchange, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, long sent, bool isLost, OutputBuffer line)
    {
        line.Write(before);
        line.Write(!hasColour ? " "u8 : (exchange.Status / 100) switch
        {
            2 => " \e[32m"u8,
            3 => " \e[36m"u8,
            4 => " \e[33m"u8,
            _ => " \e[31m"u8,
        });
        line.Write(exchange.Status);
        line.Write(hasColour ? "\e[0m "u8 : " "u8);
        WriteSize(sent, line);
        line.Write(" "u8);
        long microseconds = ExchangeTime.Microseconds(exchange);
        line.Write(microseconds / 1000);
        line.Write("."u8);
        line.Write(microseconds / 100 % 10);
        line.Write(isLost ? " ms, aborted\n"u8 : " ms\n"u8);
    }

    private static void WriteSize(long bytes, OutputBuffer line)
    {
        int unit = 0;
        long tenths = bytes * 10;
        while (unit < 4 && tenths >= 10_240)
        {
            tenths /= 1024;
            unit++;
        }

        line.Write(tenths / 10);
        if (unit > 0 && tenths < 100)
        {
            line.Write("."u8);
            line.Write(tenths % 10);
        }

        line.Write(unit switch { 0 => " B"u8, 1 => " KiB"u8, 2 => " MiB"u8, 3 => " GiB"u8, _ => " TiB"u8 });
    }
}
