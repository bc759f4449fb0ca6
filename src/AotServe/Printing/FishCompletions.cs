using System;
using System.Text;
using AotServe.Cli;
using AotServe.Http;

namespace AotServe.Printing;

/// <summary>Makes the completions for fish.</summary>
internal static class FishCompletions
{
    private const int UsualLength = 8192;

    // The words before the one that is completed: the program, what follows it, and so on.
    private static ReadOnlySpan<byte> Start =>
        """
        function __aotserve_takes_options
            set -l words (commandline -opc)
            switch "$words[2]"
                case hash-password healthcheck
                    return 1
                case print
                    contains -- "$words[3]" unit socket dockerfile
                    return
            end
        end
        function __aotserve_follows
            set -l words (commandline -opc)
            test "$words[2..]" = "$argv"
        end
        complete -c aotserve -f
        complete -c aotserve -n __aotserve_takes_options -a '(__fish_complete_directories)'
        complete -c aotserve -n '__aotserve_follows hash-password' -l user -x -d 'put this name before the hash'

        """u8;

    public static string Make()
    {
        StringBuilder script = new StringBuilder(UsualLength).Append("# fish completions for aotserve "u8).Append(BuildInfo.Version).Append('\n');
        script.Append(Start);
        foreach (Command command in CommandTable.All)
        {
            script.Append("complete -c aotserve -n __aotserve_follows -a "u8).Append(command.Name).Append(" -d "u8).Append(Quote(command.Help.ToString())).Append('\n');
        }

        script.Append("complete -c aotserve -n '__aotserve_follows print' -a '"u8).Append(CommandTable.Printable)
            .Append("'\ncomplete -c aotserve -n '__aotserve_follows print completions' -a '"u8).Append(CommandTable.Shells).Append("'\n");
        foreach (Option option in OptionTable.All)
        {
            if (!option.Hidden)
            {
                AppendOption(script, option);
            }
        }

        return script.ToString();
    }

    private static void AppendOption(StringBuilder script, Option option)
    {
        script.Append("complete -c aotserve -n __aotserve_takes_options -l "u8).Append(option.Name);
        if (option.Letter != '\0')
        {
            script.Append(" -s "u8).Append(option.Letter);
        }

        if (option is ValueOption { BareValue: null } takesValue)
        {
            script.Append(takesValue.Choices is { } choices ? " -x -a '" + choices + "'"
                : takesValue.PathForm == PathForm.Folder ? " -x -a '(__fish_complete_directories)'"
                : takesValue.PathForm == PathForm.File ? " -r -F"
                : " -x");
        }

        script.Append(" -d "u8).Append(Quote(option.Help.ToString())).Append('\n');
    }

    private static string Quote(string text) => "'" + text.Replace("\\", "\\\\").Replace("'", "\\'") + "'";
}
