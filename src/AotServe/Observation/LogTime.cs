using System;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>Times as digits. .NET's own formatting takes longer, and 20 KB of the file.</summary>
internal static class LogTime
{
    /// <summary>Writes a number with two digits, 0 to 99.</summary>
    public static void Put(Span<byte> destination, int number)
    {
        destination[0] = (byte)('0' + (number / 10));
        destination[1] = (byte)('0' + (number % 10));
    }

    /// <summary>Writes a date and a time with ms (RFC 3339).</summary>
    public static void WriteDateTime(OutputBuffer output, DateTime time)
    {
        Span<byte> text = stackalloc byte["2026-11-28T21:30:00.000Z"u8.Length];
        "0000-00-00T00:00:00.000Z"u8.CopyTo(text);
        Put(text, time.Year / 100);
        Put(text[2..], time.Year % 100);
        Put(text[5..], time.Month);
        Put(text[8..], time.Day);
        PutTime(text[11..], time);
        text[20] = (byte)('0' + (time.Millisecond / 100));
        Put(text[21..], time.Millisecond % 100);
        output.Write(text);
    }

    /// <summary>Writes a time of day, and a space.</summary>
    public static void WriteTime(OutputBuffer output, DateTime time)
    {
        Span<byte> text = stackalloc byte["21:30:00 "u8.Length];
        "00:00:00 "u8.CopyTo(text);
        PutTime(text, time);
        output.Write(text);
    }

    /// <summary>Writes hours, minutes and seconds over <c>00:00:00</c>.</summary>
    public static void PutTime(Span<byte> destination, DateTime time)
    {
        Put(destination, time.Hour);
        Put(destination[3..], time.Minute);
        Put(destination[6..], time.Second);
    }
}
