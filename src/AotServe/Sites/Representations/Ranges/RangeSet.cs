using System;
using System.Globalization;
using System.Text;

namespace AotServe.Sites.Representations.Ranges;

/// <summary>The value of a Range field (RFC 9110 §14.2), evaluated on a representation.</summary>
internal static class RangeSet
{
    /// <summary>The most members of a set. A set with more is ignored, as RFC 9110 §14.2 allows for attacks and errors.</summary>
    public const int MaxSpecs = 100;

    /// <summary>The most parts of a response. A set that results in more is ignored.</summary>
    public const int MaxParts = 16;

    private static ReadOnlySpan<byte> BytesUnit => "bytes="u8;

    /// <summary>
    /// Reads a set of byte ranges and combines those that overlap or are near each other. A combined range has the position of its
    /// first member (RFC 9110 §15.3.7.2). Other units, malformed sets and abusive ones are ignored.
    /// </summary>
    /// <param name="value">The field's value: any bytes.</param>
    /// <param name="length">The length of the representation.</param>
    /// <param name="ranges">Gets the ranges to send; at least <see cref="MaxSpecs"/> elements.</param>
    /// <param name="count">The number of ranges to send, 1 to <see cref="MaxParts"/>, if the outcome is Partial.</param>
    public static RangeOutcome Select(ReadOnlySpan<byte> value, long length, Span<ByteRange> ranges, out int count)
    {
        count = 0;
        // Of nothing there is no part. 416 would be allowed, but clients take it for an error.
        if (length == 0 || value.Length < BytesUnit.Length || !Ascii.EqualsIgnoreCase(value[..BytesUnit.Length], BytesUnit))
        {
            return RangeOutcome.Ignored;
        }

        int specs = 0;
        foreach (Range member in value[BytesUnit.Length..].Split((byte)','))
        {
            ReadOnlySpan<byte> spec = value[BytesUnit.Length..][member].Trim(" \t"u8);
            if (spec.IsEmpty)
            {
                continue; // A list may have empty members (RFC 9110 §5.6.1.2).
            }

            if (++specs > MaxSpecs || !TryRead(spec, length, out ByteRange range))
            {
                return RangeOutcome.Ignored;
            }

            if (range.Length > 0)
            {
                Add(range, ranges, ref count);
            }
        }

        if (specs == 0 || count > MaxParts)
        {
            return RangeOutcome.Ignored;
        }

        return count > 0 ? RangeOutcome.Partial : RangeOutcome.Unsatisfiable;
    }

    /// <summary>
    /// Reads <c>first-last</c>, <c>first-</c> or <c>-length</c>. A range that is not satisfiable has length 0.
    /// </summary>
    private static bool TryRead(ReadOnlySpan<byte> spec, long length, out ByteRange range)
    {
        range = default;
        int dash = spec.IndexOf((byte)'-');
        if (dash < 0)
        {
            return false;
        }

        long last = long.MaxValue;
        if (dash == 0)
        {
            // A suffix range is satisfiable for an empty representation (§14.1.2), but Content-Range cannot express it (§14.4).
            if (!TryReadNumber(spec[1..], out long suffix) || (length == 0 && suffix > 0))
            {
                return false;
            }

            suffix = Math.Min(suffix, length);
            range = new ByteRange(length - suffix, suffix);
            return true;
        }

        if (!TryReadNumber(spec[..dash], out long first)
            || (dash < spec.Length - 1 && !TryReadNumber(spec[(dash + 1)..], out last)) || last < first)
        {
            return false;
        }

        if (first < length)
        {
            range = new ByteRange(first, Math.Min(last, length - 1) - first + 1);
        }

        return true;
    }

    /// <summary>Reads digits. A number too large for <see cref="long"/> is clamped: it is beyond any representation.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number))
        {
            number = long.MaxValue;
        }

        return true;
    }

    /// <summary>
    /// Adds a range to <paramref name="ranges"/>, of which no two are near each other. One pass is enough: a range that is
    /// near the union but not near <paramref name="range"/> would be near one that is in the list already.
    /// </summary>
    private static void Add(ByteRange range, Span<ByteRange> ranges, ref int count)
    {
        ByteRange union = range;
        int place = -1;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (!ranges[i].IsNear(range))
            {
                ranges[kept++] = ranges[i];
                continue;
            }

            union = union.Span(ranges[i]);
            if (place < 0)
            {
                place = kept++;
            }
        }

        if (place < 0)
        {
            place = kept++;
        }

        ranges[place] = union;
        count = kept;
    }
}
