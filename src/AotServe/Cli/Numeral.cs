using System;

namespace AotServe.Cli;

/// <summary>Numbers as options take them: ASCII digits and nothing else, no sign, space, exponent or separator.</summary>
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
    /// Seconds from 0 to <paramref name="most"/> inclusive, with a decimal point between digits or none, as milliseconds. What
    /// is finer than a millisecond is dropped.
    /// </summary>
    public static bool TryReadSeconds(ReadOnlySpan<char> text, int most, out long milliseconds)
    {
        milliseconds = 0;
        int point = text.IndexOf('.');
        if (!TryRead(point < 0 ? text : text[..point], 0, most, out long seconds))
        {
            return false;
        }

        ReadOnlySpan<char> fraction = point < 0 ? "0" : text[(point + 1)..];
        if (fraction.IsEmpty || fraction.ContainsAnyExceptInRange('0', '9')
            || (seconds == most && fraction.ContainsAnyExcept('0')))
        {
            return false;
        }

        milliseconds = seconds * 1000;
        int unit = 1000;
        foreach (char c in fraction)
        {
            unit /= 10;
            milliseconds += (c - '0') * unit;
        }

        return true;
    }
}
