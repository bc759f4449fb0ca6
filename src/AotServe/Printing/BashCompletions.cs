using System;
using System.Text;
using AotServe.Cli;

namespace AotServe.Printing;

/// <summary>Makes the completions for bash, version 3.2 or later.</summary>
internal static class BashCompletions
{
    private const int UsualLength = 4096;

    // bash splits --name=VALUE at the equals sign.
    private static ReadOnlySpan<byte> Start =>
        """
        _aotserve() {
            local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command='' words='' kind='' line options
            COMPREPLY=()
            if [[ $word == '=' ]]; then
                word=
            elif [[ $before == '=' ]] && (( COMP_CWORD >= 2 )); then
                before=${COMP_WORDS[COMP_CWORD-2]}
            fi
            if (( COMP_CWORD > 1 )); then command=${COMP_WORDS[1]}; fi

        """u8;

    private static ReadOnlySpan<byte> End =>
        """
            if [[ -n $kind ]]; then
                compopt -o filenames 2>/dev/null
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$kind" -- "$word")
            fi
            if [[ -n $words ]]; then
                while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$words" -- "$word")
            fi
        }
        complete -F _aotserve aotserve

        """u8;

    public static string Make()
    {
        var script = new StringBuilder("# bash completions for aotserve " + BuildInfo.Version + "\n", UsualLength);
        script.Append(Encoding.UTF8.GetString(Start)).Append("    options='");
        foreach (Option option in OptionTable.All)
        {
            if (!option.Hidden)
            {
                script.Append("--").Append(option.Name).Append(' ');
            }
        }

        script.Length--;
        script.Append("'\n    case $before in\n");
        var others = new StringBuilder();
        foreach (Option option in OptionTable.All)
        {
            // What has a value even without one is followed by something else.
            if (!option.Hidden && option is ValueOption { BareValue: null } takesValue)
            {
                AppendValue(script, others, takesValue);
            }
        }

        script.Append("        ").Append(others).Append(") ;; # Nothing that could be offered.\n");

        script.Append("        *)\n            case $command in\n");
        foreach (Command command in CommandTable.All)
        {
            script.Append("                ").Append(command.Name).Append(") ").Append(command.Name switch
            {
                CommandName.Check => "kind=-d words=$options",
                CommandName.HashPassword => "words=--user",
                CommandName.Print => "case $COMP_CWORD.${COMP_WORDS[2]} in\n"
                    + "                    2.*) words='" + CommandTable.Printable + "' ;;\n"
                    + "                    3.completions) words='" + CommandTable.Shells + "' ;;\n"
                    + "                    *.unit | *.socket | *.dockerfile) kind=-d words=$options ;;\n"
                    + "                esac",
                _ => ":",
            }).Append(" ;;\n");
        }

        script.Append("                *) kind=-d words=$options ;;\n            esac\n            if (( COMP_CWORD == 1 )); then words+=' ");
        foreach (Command command in CommandTable.All)
        {
            script.Append(command.Name).Append(' ');
        }

        script.Length--;
        return script.Append("'; fi\n            ;;\n    esac\n").Append(Encoding.UTF8.GetString(End)).ToString();
    }

    /// <summary>Appends the case for what follows an option with a value: what is offered is that, and nothing else.</summary>
    /// <param name="script">Gets the case.</param>
    /// <param name="others">Gets the pattern where nothing can be offered; these are one case together.</param>
    /// <param name="option">The option.</param>
    private static void AppendValue(StringBuilder script, StringBuilder others, ValueOption option)
    {
        string pattern = option.Letter == '\0' ? "--" + option.Name : $"--{option.Name} | -{option.Letter}";
        string? offered = option.Choices is { } choices ? $"words='{choices}'"
            : option.PathForm == PathForm.Folder ? "kind=-d"
            : option.PathForm == PathForm.File ? "kind=-f"
            : null;
        _ = offered is null
            ? others.Append(others.Length == 0 ? "" : " | ").Append(pattern)
            : script.Append("        ").Append(pattern).Append(") ").Append(offered).Append(" ;;\n");
    }
}
