using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.Http;
using AotServe.Sites.Representations.Codings;

namespace AotServe.Fuzzing;

/// <summary>The value of an Accept-Encoding field, against RFC 9110 §12.5.3 on strings. A line feed begins another field line.</summary>
internal static class AcceptEncodingTarget
{
    /// <summary>Own choice of the server.</summary>
    private const int MostMembers = 100;

    private static readonly ContentCodings[] Codings = [ContentCodings.Brotli, ContentCodings.Zstandard, ContentCodings.Gzip];

    // Without backtracking: a member is as long as the input, and may be nothing but tabs.
    private static readonly Regex MemberPattern = new(
        @"\A[\x20\t]*(?<coding>[^;]*?)[\x20\t]*(;[\x20\t]*[qQ]=(?<weight>0(\.[0-9]{0,3})?|1(\.0{0,3})?)[\x20\t]*)?\z",
        RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);

    public static void Run(ReadOnlySpan<byte> input)
    {
        var head = new RequestHead();
        string lines = "Accept-Encoding: " + Encoding.Latin1.GetString(input).Replace("\n", "\r\nAccept-Encoding: ", StringComparison.Ordinal);
        if (!FieldLines.TryParse(Encoding.Latin1.GetBytes(lines), head))
        {
            return;
        }

        var accepted = AcceptEncoding.Read(head);
        Dictionary<string, int> weights = Weights(FieldLines.Values(head, "Accept-Encoding"));
        foreach (ContentCodings coding in Codings)
        {
            FuzzFinding.Unless(
                ((accepted.Accepted & coding) != 0) == (WeightOf(weights, coding) > 0), $"{coding}: accepted are {accepted.Accepted}");
        }

        for (int available = 0; available < 8; available++)
        {
            // The greatest weight wins, of equal ones the coding named first; identity comes last, and remains if nothing else is.
            ContentCodings expected = ContentCodings.Identity;
            int greatest = WeightOf(weights, ContentCodings.Identity);
            foreach (ContentCodings coding in Codings.Reverse().Where(coding => ((ContentCodings)available & coding) != 0))
            {
                int weight = WeightOf(weights, coding);
                (expected, greatest) = weight > 0 && weight >= greatest ? (coding, weight) : (expected, greatest);
            }

            ContentCodings chosen = accepted.Choose((ContentCodings)available);
            FuzzFinding.Unless(chosen == expected, $"{chosen} of {(ContentCodings)available}, not {expected}");
        }
    }

    /// <summary>The members of a list. What follows the last comma is none if it is empty; what is before it is one, even if empty.</summary>
    private static string[] Members(string list) => list.Length == 0 ? [] : (list.EndsWith(',') ? list[..^1] : list).Split(',');

    private static int WeightOf(Dictionary<string, int> weights, ContentCodings coding)
    {
        string name = coding switch
        {
            ContentCodings.Brotli => "br",
            ContentCodings.Zstandard => "zstd",
            ContentCodings.Gzip => "gzip",
            _ => "identity",
        };
        return weights.TryGetValue(name, out int weight) || weights.TryGetValue("*", out weight) ? weight : 0;
    }

    private static Dictionary<string, int> Weights(List<string> values)
    {
        var weights = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        foreach (string member in values.SelectMany(Members).Take(MostMembers))
        {
            Match match = MemberPattern.Match(member);
            if (match.Success)
            {
                string name = match.Groups["coding"].Value;
                name = name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase) ? "gzip" : name;
                string weight = match.Groups["weight"].Success ? match.Groups["weight"].Value : "1";
                weights.TryAdd(name, (int)(decimal.Parse(weight, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * 1000));
            }
        }

        return weights;
    }
}
