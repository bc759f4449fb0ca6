using System;
using System.Globalization;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Listing;

/// <summary>Writes names, sizes and times into a listing, in the forms that HTML, URLs and JSON need.</summary>
internal static class ListingText
{
    private const long SecondsToYear1 = -62_135_596_800;
    private const long SecondsToYear10000 = 253_402_300_800;

    /// <summary>
    /// Writes a name as HTML text. Bytes that are not UTF-8 and characters that change the direction of text become U+FFFD,
    /// and control characters their symbols, so that a name cannot disguise itself.
    /// </summary>
    public static void WriteHtml(OutputBuffer output, ReadOnlySpan<byte> name)
    {
        while (!name.IsEmpty)
        {
            Rune.DecodeFromUtf8(name, out Rune rune, out int length);
            name = name[length..];
            switch (rune.Value)
            {
                case '&':
                    output.Write("&amp;"u8);
                    break;
                case '<':
                    output.Write("&lt;"u8);
                    break;
                case '>':
                    output.Write("&gt;"u8);
                    break;
                case '"':
                    output.Write("&quot;"u8);
                    break;
                case '\'':
                    output.Write("&#39;"u8);
                    break;
                case < 0x20:
                    Write(output, new Rune(0x2400 + rune.Value));
                    break;
                case 0x7F:
                    Write(output, new Rune(0x2421));
                    break;
                case (>= 0x80 and < 0xA0) or 0x200E or 0x200F or 0x061C or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069):
                    Write(output, Rune.ReplacementChar);
                    break;
                default:
                    Write(output, rune);
                    break;
            }
        }
    }

    /// <summary>Writes a name as the inside of a JSON string (RFC 8259 §7). Bytes that are not UTF-8 become U+FFFD.</summary>
    public static void WriteJson(OutputBuffer output, ReadOnlySpan<byte> name)
    {
        while (!name.IsEmpty)
        {
            Rune.DecodeFromUtf8(name, out Rune rune, out int length);
            name = name[length..];
            if (rune.Value is '"' or '\\')
            {
                output.Write("\\"u8);
                Write(output, rune);
            }
            else if (rune.Value < 0x20)
            {
                output.Write("\\u00"u8);
                rune.Value.TryFormat(output.Reserve(2), out int digits, "x2", CultureInfo.InvariantCulture);
                output.Advance(digits);
            }
            else
            {
                Write(output, rune);
            }
        }
    }

    /// <summary>Writes a name or a path, percent-encoded byte for byte.</summary>
    public static void WriteUrl(OutputBuffer output, ReadOnlySpan<byte> path) =>
        output.Advance(PercentEncoding.Write(path, output.Reserve(path.Length * PercentEncoding.TripletLength)));

    /// <summary>Writes a rounded size in decimal units: <c>532 B</c>, <c>1.2 KB</c>, <c>87 MB</c>.</summary>
    public static void WriteSize(OutputBuffer output, long bytes)
    {
        if (bytes < 1000)
        {
            output.Write(bytes);
            output.Write(" B"u8);
            return;
        }

        int unit = 0;
        double size = bytes / 1000d;
        for (; size >= 999.5; size /= 1000)
        {
            unit++;
        }

        long tenths = (long)Math.Round(size * 10, MidpointRounding.AwayFromZero);
        if (tenths < 100)
        {
            output.Write(tenths / 10);
            output.Write("."u8);
            output.Write(tenths % 10);
        }
        else
        {
            output.Write((long)Math.Round(size, MidpointRounding.AwayFromZero));
        }

        output.Write(" "u8);
        output.Write("KMGTPE"u8.Slice(unit, 1));
        output.Write("B"u8);
    }

    /// <summary>Writes a number of 0 or more with commas as thousands separators.</summary>
    public static void WriteNumber(OutputBuffer output, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        number.TryFormat(digits, out int length, default, CultureInfo.InvariantCulture);
        for (int i = 0; i < length; i++)
        {
            if (i > 0 && (length - i) % 3 == 0)
            {
                output.Write(","u8);
            }

            output.Write(digits.Slice(i, 1));
        }
    }

    /// <summary>Writes <c>2024-02-29</c>, in UTC. Times before year 1 or after year 9999 are clamped.</summary>
    public static void WriteDate(OutputBuffer output, long unixSeconds)
    {
        DateTime time = TimeOf(unixSeconds);
        WriteDigits(output, time.Year, 4);
        output.Write("-"u8);
        WriteDigits(output, time.Month, 2);
        output.Write("-"u8);
        WriteDigits(output, time.Day, 2);
    }

    /// <summary>Writes <c>12:34</c> and, if asked, <c>:56</c>, in UTC.</summary>
    public static void WriteTime(OutputBuffer output, long unixSeconds, bool withSeconds)
    {
        DateTime time = TimeOf(unixSeconds);
        WriteDigits(output, time.Hour, 2);
        output.Write(":"u8);
        WriteDigits(output, time.Minute, 2);
        if (!withSeconds)
        {
            return;
        }

        output.Write(":"u8);
        WriteDigits(output, time.Second, 2);
    }

    /// <summary>Writes <c>2024-02-29T12:34:56Z</c> (RFC 3339).</summary>
    public static void WriteTimestamp(OutputBuffer output, long unixSeconds)
    {
        WriteDate(output, unixSeconds);
        output.Write("T"u8);
        WriteTime(output, unixSeconds, withSeconds: true);
        output.Write("Z"u8);
    }

    private static DateTime TimeOf(long unixSeconds) =>
        DateTime.UnixEpoch.AddTicks(
            Math.Clamp(unixSeconds, SecondsToYear1, SecondsToYear10000 - 1) * TimeSpan.TicksPerSecond);

    private static void WriteDigits(OutputBuffer output, int number, int count)
    {
        Span<byte> digits = output.Reserve(count);
        for (int i = count - 1; i >= 0; i--, number /= 10)
        {
            digits[i] = (byte)('0' + (number % 10));
        }

        output.Advance(count);
    }

    private static void Write(OutputBuffer output, Rune rune) => output.Advance(rune.EncodeToUtf8(output.Reserve(4)));
}
