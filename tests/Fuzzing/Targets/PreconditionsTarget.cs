using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using AotServe.Http;
using AotServe.Sites.Representations;

namespace AotServe.Fuzzing;

/// <summary>Field lines with preconditions, against RFC 9110 §13.2.2 on strings.</summary>
internal static partial class PreconditionsTarget
{
    private const string Tag = "\"5f-1\"";

    // Sun, 06 Nov 1994 08:49:37 GMT
    private const long LastModified = 784_111_777;

    public static void Run(ReadOnlySpan<byte> input)
    {
        var head = new RequestHead();
        if (!FieldLines.TryParse(input, head))
        {
            return;
        }

        foreach ((long now, bool varies) in (ReadOnlySpan<(long, bool)>)[(1_700_000_000, false), (LastModified, false), (1_700_000_000, true)])
        {
            var representation = new Representation
            {
                MediaType = default,
                EntityTag = "\"5f-1\""u8,
                LastModified = LastModified,
                Length = 1,
                VariesByCoding = varies,
            };
            PreconditionOutcome outcome = Preconditions.Evaluate(head, representation, now);
            PreconditionOutcome expected = Expected(head, now);
            FuzzFinding.Unless(outcome == expected, $"{outcome}, not {expected}");
            bool allowsRange = Preconditions.AllowsRange(head, representation, now);
            FuzzFinding.Unless(
                allowsRange == ExpectedRange(head, now, varies), $"If-Range {(allowsRange ? "allows" : "forbids")} a range");
        }
    }

    private static PreconditionOutcome Expected(RequestHead head, long now)
    {
        List<string> match = FieldLines.Values(head, "If-Match");
        if (match.Count > 0
            ? !match.Any(value => value == "*" || Tags(value).Contains(Tag))
            : Date(head, "If-Unmodified-Since", now) < LastModified)
        {
            return PreconditionOutcome.Failed;
        }

        List<string> noneMatch = FieldLines.Values(head, "If-None-Match");
        return (noneMatch.Count > 0
            ? noneMatch.Any(value => value == "*" || Tags(value).Any(tag => tag == Tag || tag == "W/" + Tag))
            : Date(head, "If-Modified-Since", now) >= LastModified)
            ? PreconditionOutcome.NotModified
            : PreconditionOutcome.Hold;
    }

    private static bool ExpectedRange(RequestHead head, long now, bool varies)
    {
        List<string> values = FieldLines.Values(head, "If-Range");
        return values.Count == 0
            || (values.Count == 1
                && (values[0] == Tag || (Date(head, "If-Range", now) == LastModified && LastModified < now && !varies)));
    }

    /// <summary>The members of a list, up to the first that is no entity tag.</summary>
    private static List<string> Tags(string list)
    {
        var tags = new List<string>();
        for (Match match = TagPattern().Match(list); match.Success; match = match.NextMatch())
        {
            tags.Add(match.Groups["tag"].Value);
        }

        return tags;
    }

    /// <summary>The date of a field that stands once; null otherwise, which is neither before nor after any date.</summary>
    private static long? Date(RequestHead head, string name, long now)
    {
        List<string> values = FieldLines.Values(head, name);
        Match match = values.Count == 1 ? DatePattern().Match(values[0]) : Match.Empty;
        if (!match.Success)
        {
            return null;
        }

        int day = Number(match, "day");
        int month = 1 + Array.IndexOf(CultureInfo.InvariantCulture.DateTimeFormat.AbbreviatedMonthNames, match.Groups["month"].Value);
        int year = Number(match, "year");
        int hour = Number(match, "hour");
        int minute = Number(match, "minute");
        int second = Number(match, "second");
        if (hour > 23 || minute > 59 || second > 60)
        {
            return null;
        }

        if (match.Groups["long"].Success)
        {
            // RFC 9110 §5.6.7: what appears to be more than 50 years in the future is in the past.
            DateTime today = DateTime.UnixEpoch.AddSeconds(now);
            for (year += 2900; year > today.Year + 50 || (year == today.Year + 50 && IsLater(today));)
            {
                year -= 100;
            }
        }

        return year < 1 || day < 1 || day > DateTime.DaysInMonth(year, month)
            ? null
            : (long)(new DateTime(year, month, day) - DateTime.UnixEpoch).TotalSeconds + (((hour * 60) + minute) * 60) + second;

        bool IsLater(DateTime today) =>
            (month, day, (((hour * 60) + minute) * 60) + second).CompareTo((today.Month, today.Day, (int)today.TimeOfDay.TotalSeconds)) > 0;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value.Trim(), CultureInfo.InvariantCulture);

    [GeneratedRegex("\\G[ \t,]*(?<tag>(W/)?\"[^\"]*\")[ \t]*(?=,|\\z|(?<end>.))(?(end).*\\z)", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex TagPattern();

    [GeneratedRegex(
        """
        \A(
            (Sun|Mon|Tue|Wed|Thu|Fri|Sat),[ ](?<day>[0-9]{2})[ ](?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ ](?<year>[0-9]{4})
                [ ](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})[ ]GMT
            |(?<long>(Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day),[ ](?<day>[0-9]{2})-(?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-(?<year>[0-9]{2})
                [ ](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})[ ]GMT
            |(Sun|Mon|Tue|Wed|Thu|Fri|Sat)[ ](?<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[ ](?<day>[ ][0-9]|[0-9]{2})
                [ ](?<hour>[0-9]{2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})[ ](?<year>[0-9]{4})
        )\z
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex DatePattern();
}
