using System;

namespace AotServe.Cli;

/// <summary>Numbers as an option takes them: ASCII digits and nothing else, no sign, space, exponent or separator.</summary>
internal static class Numeral
{
    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/> inclusive; 0 ≤ least.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, long least, long most, out long number)
    {
        number = 0;
        foreach (char c in text)
        {
            int digit = c - '0';
            if (digit is < 0 or > 9 || number > (most - digit) / 10)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return text.Length > 0 && number >= least;
    }

    /// <summary>
    /// Seconds from 0 to <paramref name="most"/> inclusive, with a decimal point between digits or none. What is finer
    /// than a tick (100 ns) is dropped.
    /// </summary>
    public static bool TryReadSeconds(ReadOnlySpan<char> text, int most, out TimeSpan time)
    {
        time = default;
        int point = text.IndexOf('.');
        if (!TryRead(point < 0 ? text : text[..point], 0, most, out long seconds))
        {
            return false;
        }

        long ticks = seconds * TimeSpan.TicksPerSecond;
        if (point >= 0)
        {
            ReadOnlySpan<char> fraction = text[(point + 1)..];
            if (fraction.IsEmpty || fraction.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            long unit = TimeSpan.TicksPerSecond;
            foreach (char c in fraction)
            {
                unit /= 10;
                ticks += (c - '0') * unit;
            }
        }

        time = new TimeSpan(ticks);
        return ticks <= most * TimeSpan.TicksPerSecond;
    }
}
