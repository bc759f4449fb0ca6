using System;

namespace AotServe.Http;

/// <summary>HTTP dates (RFC 9110 §5.6.7), as seconds since 1970-01-01T00:00:00Z.</summary>
internal static class HttpDate
{
    /// <summary>The length of an IMF-fixdate, <c>Sun, 06 Nov 1994 08:49:37 GMT</c>.</summary>
    public const int Length = 29;

    private const long FirstSecond = -62_135_596_800;
    private const long LastSecond = 253_402_300_799;

    /// <summary>Writes an IMF-fixdate of <see cref="Length"/> bytes. Times outside of the years 1 to 9999 are clamped.</summary>
    public static void Format(long unixSeconds, Span<byte> destination)
    {
        DateTime time = DateTime.UnixEpoch.AddSeconds(Math.Clamp(unixSeconds, FirstSecond, LastSecond));
        time.Deconstruct(out int year, out int month, out int day);
        destination = destination[..Length];
        "Sun, 06 Nov 1994 08:49:37 GMT"u8.CopyTo(destination);
        HttpDateReader.DayNames.Slice((int)time.DayOfWeek * 3, 3).CopyTo(destination);
        WriteTwoDigits(destination[5..], day);
        HttpDateReader.MonthNames.Slice((month - 1) * 3, 3).CopyTo(destination[8..]);
        WriteTwoDigits(destination[12..], year / 100);
        WriteTwoDigits(destination[14..], year % 100);
        WriteTwoDigits(destination[17..], time.Hour);
        WriteTwoDigits(destination[20..], time.Minute);
        WriteTwoDigits(destination[23..], time.Second);
    }

    /// <summary>
    /// Parses the three formats that a recipient must accept: IMF-fixdate, RFC 850 (a date with a two-digit year that
    /// appears to be more than 50 years after <paramref name="nowUnixSeconds"/> is in the past) and asctime. The name of the
    /// day must be a valid name, but need not match the date. A leap second counts as the first second of the next minute.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, long nowUnixSeconds, out long unixSeconds)
    {
        unixSeconds = 0;
        var reader = new HttpDateReader(text);
        int day, month, year, seconds;
        if (text.Length == Length && text[3] == ',')
        {
            if (!(reader.TakeDayName() && reader.Take(", "u8) && reader.TakeTwoDigits(out day) && reader.Take(" "u8)
                && reader.TakeMonth(out month) && reader.Take(" "u8) && reader.TakeFourDigits(out year)
                && reader.Take(" "u8) && reader.TakeTime(out seconds) && reader.Take(" GMT"u8)))
            {
                return false;
            }
        }
        else if (text.Contains((byte)','))
        {
            if (!(reader.TakeLongDayName() && reader.Take(", "u8) && reader.TakeTwoDigits(out day) && reader.Take("-"u8)
                && reader.TakeMonth(out month) && reader.Take("-"u8) && reader.TakeTwoDigits(out year)
                && reader.Take(" "u8) && reader.TakeTime(out seconds) && reader.Take(" GMT"u8)))
            {
                return false;
            }

            year = FullYear(year, month, day, seconds, nowUnixSeconds);
        }
        else if (!(reader.TakeDayName() && reader.Take(" "u8) && reader.TakeMonth(out month) && reader.Take(" "u8)
            && (reader.Take(" "u8) ? reader.TakeDigit(out day) : reader.TakeTwoDigits(out day)) && reader.Take(" "u8)
            && reader.TakeTime(out seconds) && reader.Take(" "u8) && reader.TakeFourDigits(out year)))
        {
            return false;
        }

        if (!reader.AtEnd || year < 1 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        unixSeconds = (new DateTime(year, month, day).Ticks / TimeSpan.TicksPerSecond) + FirstSecond + seconds;
        return true;
    }

    /// <summary>The latest year with these two digits for which the date is at most 50 years after now.</summary>
    private static int FullYear(int twoDigits, int month, int day, int seconds, long nowUnixSeconds)
    {
        DateTime now = DateTime.UnixEpoch.AddSeconds(Math.Clamp(nowUnixSeconds, FirstSecond, LastSecond));
        int latest = now.Year + 50;
        int year = latest - (((latest - twoDigits) % 100) + 100) % 100;
        (int, int, int) date = (month, day, seconds);
        bool isAhead = year == latest && date.CompareTo((now.Month, now.Day, (int)now.TimeOfDay.TotalSeconds)) > 0;
        return Math.Min(isAhead ? year - 100 : year, 9999);
    }

    private static void WriteTwoDigits(Span<byte> destination, int value)
    {
        destination[0] = (byte)('0' + value / 10);
        destination[1] = (byte)('0' + value % 10);
    }
}
