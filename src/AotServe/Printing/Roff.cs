using System.Text;

namespace AotServe.Printing;

/// <summary>Writes text so that man(7) shows it as it is.</summary>
internal static class Roff
{
    /// <summary>
    /// Appends ASCII text. A hyphen is written as a minus, so that it can be copied into a shell; what the formatter would turn into
    /// typographic quotes or accents is named; and no line begins with a character that makes it a request.
    /// </summary>
    public static StringBuilder AppendRoff(this StringBuilder page, string text)
    {
        foreach (char c in text)
        {
            bool beginsLine = page.Length == 0 || page[^1] == '\n';
            _ = c switch
            {
                '\\' => page.Append(@"\e"),
                '-' => page.Append(@"\-"),
                '\'' => page.Append(@"\(aq"),
                '`' => page.Append(@"\(ga"),
                '^' => page.Append(@"\(ha"),
                '~' => page.Append(@"\(ti"),
                '.' when beginsLine => page.Append(@"\&."),
                _ => page.Append(c),
            };
        }

        return page;
    }
}
