using System.Linq;
using System.Text.RegularExpressions;

namespace AotServe.Fuzzing;

/// <summary>A pattern of <c>--hide</c> as a regular expression: a second reading of what the README says of it.</summary>
internal static partial class ReferenceGlob
{
    /// <summary>Whether a pattern hides a path: the path itself, or a folder that it is in.</summary>
    public static bool IsHidden(string pattern, string path)
    {
        string trimmed = pattern.TrimEnd('/');
        bool isPath = trimmed.Contains('/');
        var expression = new Regex(
            $@"\A{ToExpression(trimmed.TrimStart('/'))}\z", RegexOptions.Singleline | RegexOptions.NonBacktracking);
        string[] names = path.Split('/');
        return Enumerable.Range(1, names.Length).Any(count => expression.IsMatch(isPath ? string.Join('/', names[..count]) : names[count - 1]));
    }

    private static string ToExpression(string pattern) => PiecePattern().Replace(pattern, piece =>
        piece.Groups["folders"].Success ? "(.*/)?"
        : piece.Groups["any"].Success ? ".*"
        : piece.Value == "*" ? "[^/]*"
        : piece.Value == "?" ? "([^/\uD800-\uDFFF]|[\uD800-\uDBFF][\uDC00-\uDFFF])"
        : Regex.Escape(piece.Value));

    [GeneratedRegex(@"(?<folders>(?<=\A|/)\*{2,}/)|(?<any>\*{2,})|\*|\?|[^*?]+", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex PiecePattern();
}
