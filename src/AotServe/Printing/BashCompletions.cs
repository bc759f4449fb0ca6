using System;
using System.Text;
using AotServe.Cli;
using AotServe.Http;

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
        StringBuilder script = new StringBuilder(UsualLength).Append("# bash completions for aotserve "u8).Append(BuildInfo.Version).Append('\n');
        script.Append(Start).Append("    options='"u8);
        foreach (Option option in OptionTable.All)
        {
            if (!option.Hidden)
            {
                script.Append("--").Append(option.Name).Append(' ');
            }
        }

        script.Length--;
        script.Append("'\n    case $before in\n"u8);
        var others = new StringBuilder();
        foreach (Option option in OptionTable.All)
        {
            // What has a value even without one is followed by something else.
            if (!option.Hidden && option is ValueOption { BareValue: null } takesValue)
            {
                AppendValue(script, others, takesValue);
            }
        }

        script.Append("        "u8).Append(others).Append(") ;; # Nothing that could be offered.\n"u8);

        script.Append("        *)\n            case $command in\n"u8);
        foreach (Command command in CommandTable.All)
        {
            script.Append("                "u8).Append(command.Name).Append(") ");
            _ = command.Name switch
            {
                CommandName.Check => script.Append("kind=-d words=$options"u8),
                CommandName.HashPassword => script.Append("words=--user"u8),
                CommandName.Print => script.Append("case $COMP_CWORD.${COMP_WORDS[2]} in\n                    2.*) words='"u8).Append(CommandTable.Printable)
                    .Append("' ;;\n                    3.completions) words='"u8).Append(CommandTable.Shells)
                    .Append("' ;;\n                    *.unit | *.socket | *.dockerfile) kind=-d words=$options ;;\n                esac"u8),
                _ => script.Append(':'),
            };
            script.Append(" ;;\n"u8);
        }

        script.Append("                *) kind=-d words=$options ;;\n            esac\n            if (( COMP_CWORD == 1 )); then words+=' "u8);
        foreach (Command command in CommandTable.All)
        {
            script.Append(command.Name).Append(' ');
        }

        script.Length--;
        return script.Append("'; fi\n            ;;\n    esac\n"u8).Append(End).ToString();
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
            : script.Append("        "u8).Append(pattern).Append(") ").Append(offered).Append(" ;;\n"u8);
    }
}
