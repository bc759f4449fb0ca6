using System;

namespace AotServe.Sites.Listing;

/// <summary>
/// The order of names that people expect: <c>file9</c> before <c>file10</c>, and <c>a</c> beside <c>A</c>. A total order
/// of byte strings: only equal ones compare as equal.
/// </summary>
internal static class NaturalOrder
{
    /// <summary>Compares two names; less than 0 if <paramref name="left"/> comes first.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int l = 0;
        int r = 0;
        while (l < left.Length && r < right.Length)
        {
            if (IsDigit(left[l]) && IsDigit(right[r]))
            {
                int byNumber = CompareNumbers(TakeNumber(left, ref l), TakeNumber(right, ref r));
                if (byNumber != 0)
                {
                    return byNumber;
                }

                continue;
            }

            int byLetter = Fold(left[l++]) - Fold(right[r++]);
            if (byLetter != 0)
            {
                return byLetter;
            }
        }

        int byRest = (left.Length - l) - (right.Length - r);
        bool isOneAtItsEnd = l == left.Length != (r == right.Length);
        return isOneAtItsEnd ? byRest : left.SequenceCompareTo(right);
    }

    private static bool IsDigit(byte octet) => char.IsAsciiDigit((char)octet);

    private static int Fold(byte octet) => char.IsAsciiLetterUpper((char)octet) ? octet | 0x20 : octet;

    /// <summary>Reads the digits at <paramref name="at"/>, which moves behind them, without leading zeros.</summary>
    private static ReadOnlySpan<byte> TakeNumber(ReadOnlySpan<byte> name, ref int at)
    {
        int start = at;
        while (at < name.Length && IsDigit(name[at]))
        {
            at++;
        }

        return name[start..at].TrimStart((byte)'0');
    }

    private static int CompareNumbers(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right) =>
        left.Length != right.Length ? left.Length - right.Length : left.SequenceCompareTo(right);
}
