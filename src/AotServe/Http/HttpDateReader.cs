using System;

namespace AotServe.Http;

/// <summary>Reads an HTTP date part by part (RFC 9110 §5.6.7). Names are case-sensitive.</summary>
internal ref struct HttpDateReader(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    public static ReadOnlySpan<byte> DayNames => "SunMonTueWedThuFriSat"u8;

    public static ReadOnlySpan<byte> MonthNames => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    public readonly bool AtEnd => _rest.IsEmpty;

    public bool Take(ReadOnlySpan<byte> literal)
    {
        if (!_rest.StartsWith(literal))
        {
            return false;
        }

        _rest = _rest[literal.Length..];
        return true;
    }

    /// <summary>day-name: <c>Mon</c> to <c>Sun</c>.</summary>
    public bool TakeDayName() => TakeName(DayNames, out _);

    /// <summary>day-name-l: <c>Monday</c> to <c>Sunday</c>.</summary>
    public bool TakeLongDayName() =>
        Take("Monday"u8) || Take("Tuesday"u8) || Take("Wednesday"u8) || Take("Thursday"u8) || Take("Friday"u8)
        || Take("Saturday"u8) || Take("Sunday"u8);

    /// <summary>1 to 12.</summary>
    public bool TakeMonth(out int month)
    {
        bool taken = TakeName(MonthNames, out int index);
        month = index + 1;
        return taken;
    }

    /// <summary>time-of-day, <c>08:49:37</c>, as seconds since midnight; the second may be 60.</summary>
    public bool TakeTime(out int seconds)
    {
        seconds = 0;
        if (!(TakeTwoDigits(out int hour) && Take(":"u8) && TakeTwoDigits(out int minute) && Take(":"u8)
            && TakeTwoDigits(out int second)))
        {
            return false;
        }

        seconds = (hour * 60 + minute) * 60 + second;
        return hour < 24 && minute < 60 && second <= 60;
    }

    public bool TakeDigit(out int value) => TakeDigits(1, out value);

    public bool TakeTwoDigits(out int value) => TakeDigits(2, out value);

    public bool TakeFourDigits(out int value) => TakeDigits(4, out value);

    private bool TakeDigits(int count, out int value)
    {
        value = 0;
        if (_rest.Length < count)
        {
            return false;
        }

        foreach (byte digit in _rest[..count])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            value = value * 10 + digit - '0';
        }

        _rest = _rest[count..];
        return true;
    }

    private bool TakeName(ReadOnlySpan<byte> names, out int index)
    {
        for (index = 0; index * 3 < names.Length; index++)
        {
            if (Take(names.Slice(index * 3, 3)))
            {
                return true;
            }
        }

        return false;
    }
}
