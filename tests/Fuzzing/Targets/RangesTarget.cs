using System;
using System.Linq;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.Sites.Representations.Ranges;

namespace AotServe.Fuzzing;

/// <summary>
/// The value of a Range field, against a list of the bytes that it asks for. The first two bytes of an input are the length of the
/// representation.
/// </summary>
internal static partial class RangesTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
        {
            return;
        }

        int length = (input[0] << 8) | input[1];
        var ranges = new ByteRange[RangeSet.MaxSpecs];
        RangeOutcome outcome = RangeSet.Select(input[2..], length, ranges, out int count);
        string value = Encoding.Latin1.GetString(input[2..]);
        if (length == 0)
        {
            FuzzFinding.Unless(outcome == RangeOutcome.Ignored, $"{outcome} for a part of nothing");
            return;
        }

        bool[]? asked = AskedFor(value, length);
        if (asked is null)
        {
            FuzzFinding.Unless(outcome == RangeOutcome.Ignored, $"{outcome} for a set that is none");
            return;
        }

        FuzzFinding.Unless(
            outcome != RangeOutcome.Unsatisfiable || !asked.Contains(true), "a set that can be satisfied was not");
        if (outcome != RangeOutcome.Partial)
        {
            FuzzFinding.Unless(
                outcome != RangeOutcome.Ignored || value.Count(c => c == ',') >= RangeSet.MaxParts || value.Contains(",-", StringComparison.Ordinal) || value.Contains("\t-", StringComparison.Ordinal) || value.Contains(" -", StringComparison.Ordinal),
                "a plain set was ignored");
            return;
        }

        FuzzFinding.Unless(count is >= 1 and <= RangeSet.MaxParts, $"{count} parts");
        bool[] sent = new bool[length];
        foreach (ByteRange range in ranges.AsSpan(0, count))
        {
            FuzzFinding.Unless(
                range.Length > 0 && range.First >= 0 && range.First + range.Length <= length, $"{range} of {length} bytes");
            FuzzFinding.Unless(
                asked[range.First] && asked[range.First + range.Length - 1], $"{range} begins or ends where nothing was asked for");
            for (long i = range.First; i < range.First + range.Length; i++)
            {
                FuzzFinding.Unless(!sent[i], $"byte {i} is sent twice");
                sent[i] = true;
            }
        }

        for (int i = 0; i < length; i++)
        {
            FuzzFinding.Unless(sent[i] || !asked[i], $"byte {i} was asked for and is not sent");
        }
    }

    /// <summary>Which bytes a set asks for; null where it is no set of byte ranges (RFC 9110 §14.1.2).</summary>
    private static bool[]? AskedFor(string value, int length)
    {
        if (!SetPattern().IsMatch(value))
        {
            return null;
        }

        bool[] asked = new bool[length];
        foreach (Match match in SpecPattern().Matches(value["bytes=".Length..]))
        {
            string first = match.Groups["first"].Value;
            string last = match.Groups["last"].Value;
            BigInteger from = first.Length == 0 ? BigInteger.Max(0, length - BigInteger.Parse(last)) : BigInteger.Parse(first);
            BigInteger to = first.Length == 0 || last.Length == 0 ? length - 1 : BigInteger.Parse(last);

            // A position beyond all files is read as the greatest one, so of two of those neither is before the other.
            if (first.Length > 0 && last.Length > 0 && BigInteger.Min(to, long.MaxValue) < BigInteger.Min(from, long.MaxValue))
            {
                return null;
            }

            for (BigInteger i = from; i <= to && i < length; i++)
            {
                asked[(int)i] = true;
            }
        }

        return asked;
    }

    [GeneratedRegex(@"\A(?i:bytes)=[,\x20\t]*([0-9]+-[0-9]*|-[0-9]+)[\x20\t]*(,[\x20\t]*(([0-9]+-[0-9]*|-[0-9]+)[\x20\t]*)?)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SetPattern();

    [GeneratedRegex("(?<first>[0-9]*)-(?<last>[0-9]*)", RegexOptions.CultureInvariant)]
    private static partial Regex SpecPattern();
}
