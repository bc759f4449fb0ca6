using System;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace AotServe.Fuzzing;

/// <summary>The path pattern of a rule as a regular expression over Latin-1 text: a second reading of what the README says of it.</summary>
internal static partial class ReferencePattern
{
    /// <summary>Whether a pattern that the server has read is for a path, decoded, with a slash at the end if it is a folder's.</summary>
    public static bool IsMatch(string pattern, string path) => Match(pattern, path).Success;

    /// <summary>The same, with a group for each wildcard: its name, or <c>splat</c>.</summary>
    public static Match Match(string pattern, string path)
    {
        string trimmed = pattern[1..].EndsWith('/') ? pattern[1..^1] : pattern[1..];
        string[] segments = trimmed.Length == 0 ? [] : trimmed.Split('/');

        // A splat at the end matches a slash at the end, and also the folder itself: "/blog/*" is for "/blog".
        bool endsInSplat = segments.Length > 0 && segments[^1].EndsWith('*');
        bool isOptional = endsInSplat && segments[^1] == "*" && segments.Length > 1;
        string expression = string.Join('/', segments[..(segments.Length - (isOptional ? 1 : 0))].Select(OfSegment))
            + (isOptional ? "(/(?<splat>.*))?" : "");
        string compared = endsInSplat || !path.EndsWith('/') ? path : path[..^1];
        return Regex.Match(compared, $@"\A{expression}\z", RegexOptions.Singleline | RegexOptions.NonBacktracking);
    }

    private static string OfSegment(string segment)
    {
        Match wildcard = WildcardPattern().Match(segment);
        return !wildcard.Success
            ? Literal(segment)
            : Literal(segment[..wildcard.Index]) + (wildcard.Value == "*" ? "(?<splat>.*)" : $"(?<{wildcard.Value[1..]}>[^/]+)")
                + Literal(segment[(wildcard.Index + wildcard.Length)..]);
    }

    private static string Literal(string text)
    {
        var decoded = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            bool isTriplet = text[i] == '%';
            decoded.Append(isTriplet
                ? (char)int.Parse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : text[i]);
            i += isTriplet ? 2 : 0;
        }

        return Regex.Escape(decoded.ToString());
    }

    [GeneratedRegex(@"\*|:[A-Za-z][A-Za-z0-9_]*", RegexOptions.CultureInvariant)]
    private static partial Regex WildcardPattern();
}
