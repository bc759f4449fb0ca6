using System;
using System.Text;
using AotServe.Http;

namespace AotServe.Cli;

/// <summary>Writes what <c>--help</c> prints: at most 80 columns, one line per option, in the order and groups of the table.</summary>
internal static class HelpText
{
    private const int UsualLength = 8192;

    private static ReadOnlySpan<byte> Head =>
        """
        Usage: aotserve [ROOT] [OPTION]...
               aotserve check [ROOT] [OPTION]...
               aotserve hash-password [--user NAME]
               aotserve healthcheck [URL]
               aotserve print WHAT [ROOT] [OPTION]...

        Serves the folder ROOT over HTTP/1.1. Without ROOT it serves a built-in site.

        "check" opens what a start would open, and prints what would be served or what
        is wrong (exit code 2). It does not listen. "hash-password" asks for a password,
        or reads it from stdin, and prints its hash for an auth file. "healthcheck" asks
        a server, by default the one on this port, and exits with 0 if it is well.
        "print" prints what belongs to an installed server: man, completions and a shell
        (bash, zsh or fish), unit, socket or dockerfile, the last three for the options
        given. To serve a folder that is named like a command, write ./check.

        """u8;

    private static ReadOnlySpan<byte> Tail =>
        """

        --name VALUE and --name=VALUE are the same, as are -p 80 and -p80. If an option
        is given twice, the last value counts; if it is repeatable, all values count. An
        argument after "--" is ROOT, even if it begins with a dash.

        Options that the command line does not set are read from the environment:
        AOTSERVE_PORT, AOTSERVE_EXIT_AFTER and so on. AOTSERVE_BIND, AOTSERVE_INDEX and
        AOTSERVE_CORS take a list (127.0.0.1,::1); other repeatable options take one
        value per line. An option without a value is 1 (on) or 0 (off).

        Examples:
          aotserve                             the built-in site on port 7878
          aotserve /srv/www --port 80          a folder
          aotserve --bind 127.0.0.1 --port 0   for this machine only, on a free port

        """u8;

    public static string Make()
    {
        int column = 0;
        foreach (Option option in OptionTable.All)
        {
            column = option.Hidden ? column : Math.Max(column, Spelling(option).Length + 2);
        }

        StringBuilder help = new StringBuilder(UsualLength).Append(Head);
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

            help.Append("  ").Append(Spelling(option).PadRight(column)).Append(option.Help.ToString());
            if (option is ValueOption { ShownDefault: { } value })
            {
                help.Append(" [").Append(value).Append(']');
            }

            help.Append('\n');
        }

        return help.Append(Tail).ToString();
    }

    /// <summary>An option with what it takes: <c>--port N, -p</c>.</summary>
    private static string Spelling(Option option)
    {
        string value = option is not ValueOption takesValue ? ""
            : takesValue.BareValue is null ? " " + takesValue.Placeholder
            : $"[={takesValue.Placeholder}]";
        string letter = option.Letter == '\0' ? "" : $", -{option.Letter}";
        return $"--{option.Name}{value}{letter}";
    }
}
