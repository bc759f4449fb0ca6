using System;
using System.Text;

namespace AotServe.Cli;

/// <summary>Writes what <c>--help</c> prints: at most 80 columns, one line an option, grouped as the table is.</summary>
internal static class HelpText
{
    private const string Head =
        """
        Usage: aotserve [ROOT] [OPTION]...
               aotserve check [ROOT] [OPTION]...
               aotserve hash-password [--user NAME]

        Serves the folder ROOT over HTTP/1.1, or a built-in site where none is given.
        "check" says what would be served, or what is wrong (exit code 2), and listens
        nowhere. "hash-password" asks for a password, or reads a line of stdin, and
        prints what an auth file has of it. A folder of such a name is ./check.

        """;

    private const string Tail =
        """

        --name VALUE and --name=VALUE are the same. Of an option given twice the last
        one counts; of a repeatable one, all. What follows "--" is ROOT, whatever it
        begins with.

        What the command line leaves open is taken from the environment: AOTSERVE_PORT,
        AOTSERVE_EXIT_AFTER and so on. AOTSERVE_BIND takes a list (127.0.0.1,::1); what
        else is repeatable, a value a line. Options without a value are 1 (on) or 0.

        Examples:
          aotserve                             the built-in site on port 7878
          aotserve /srv/www --port 80          a folder
          aotserve --bind 127.0.0.1 --port 0   for this machine only, on a free port

        """;

    public static string Make()
    {
        int column = 0;
        foreach (Option option in OptionTable.All)
        {
            column = option.Hidden ? column : Math.Max(column, Spelling(option).Length + 2);
        }

        var help = new StringBuilder(Head, 2048);
        string? group = null;
        foreach (Option option in OptionTable.All)
        {
            if (option.Hidden)
            {
                continue;
            }

            if (option.Group != group)
            {
                group = option.Group;
                help.Append('\n').Append(group).Append(":\n");
            }

            help.Append("  ").Append(Spelling(option).PadRight(column)).Append(option.Help);
            if (option.Default is not null)
            {
                help.Append(" [").Append(option.Default).Append(']');
            }

            help.Append('\n');
        }

        return help.Append(Tail).ToString();
    }

    private static string Spelling(Option option)
    {
        string value = option.Placeholder is null ? ""
            : option.BareValue is null ? " " + option.Placeholder
            : $"[={option.Placeholder}]";
        string letter = option.Letter == '\0' ? "" : $", -{option.Letter}";
        return $"--{option.Name}{value}{letter}";
    }
}
