using System;
using System.Globalization;
using System.Text;

namespace AotServe.Printing;

/// <summary>Writes words of a unit file so that systemd reads them as they are (systemd.syntax(7), systemd.service(5)).</summary>
internal static class UnitText
{
    /// <summary>Appends a path, or the program of ExecStart=: variables are not replaced there, specifiers are.</summary>
    public static StringBuilder AppendUnitPath(this StringBuilder unit, string path) => Append(unit, path, dollar: "$");

    /// <summary>Appends an argument of ExecStart=, in which <c>$</c> begins a variable.</summary>
    public static StringBuilder AppendUnitArgument(this StringBuilder unit, string argument) => Append(unit, argument, dollar: "$$");

    private static StringBuilder Append(StringBuilder unit, string word, string dollar)
    {
        if (IsPlain(word))
        {
            return unit.Append(word);
        }

        unit.Append('"');
        foreach (char c in word)
        {
            _ = c switch
            {
                '"' => unit.Append("\\\""),
                '\\' => unit.Append(@"\\"),
                '%' => unit.Append("%%"),
                '$' => unit.Append(dollar),
                < ' ' or '\x7F' => unit.Append(@"\x").Append(((int)c).ToString("x2", CultureInfo.InvariantCulture)),
                _ => unit.Append(c),
            };
        }

        return unit.Append('"');
    }

    /// <summary>Whether a word needs no quotes, wherever it stands.</summary>
    private static bool IsPlain(string word)
    {
        foreach (char c in word)
        {
            if (!char.IsAsciiLetterOrDigit(c) && !"-_./:=,@+".Contains(c, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return word.Length > 0;
    }
}
