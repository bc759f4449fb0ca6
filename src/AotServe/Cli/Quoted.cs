using System.Globalization;
using System.Text;

namespace AotServe.Cli;

/// <summary>
/// Quotes what a user typed for a message: on one line, of bounded length, with invisible characters escaped. So an argument
/// cannot break the line, move the cursor or change the writing direction of a terminal or a log.
/// </summary>
internal static class Quoted
{
    /// <summary>How many characters are shown before an ellipsis.</summary>
    private const int LongestShown = 240;

    public static string Text(string typed)
    {
        var shown = new StringBuilder("'", typed.Length + 2);
        foreach (Rune rune in typed.EnumerateRunes())
        {
            if (shown.Length > LongestShown)
            {
                shown.Append('…');
                break;
            }

            bool visible = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
            if (visible)
            {
                shown.Append(rune.ToString());
            }
            else
            {
                shown.Append("\\u{").Append(rune.Value.ToString("X4", CultureInfo.InvariantCulture)).Append('}');
            }
        }

        return shown.Append('\'').ToString();
    }
}
