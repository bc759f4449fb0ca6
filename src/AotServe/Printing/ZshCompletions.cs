using System;
using System.Text;
using AotServe.Cli;
using AotServe.Http;

namespace AotServe.Printing;

/// <summary>Makes the completions for zsh: a file <c>_aotserve</c> on its fpath.</summary>
internal static class ZshCompletions
{
    private const int UsualLength = 8192;

    private static ReadOnlySpan<byte> End =>
        """
            local first= second=
            (( CURRENT > 2 )) && first=$words[2]
            (( CURRENT > 3 )) && second=$words[3]
            case $first.$second in
                hash-password.*) _arguments '1: :' '--user=[put this name before the hash]:NAME:' ;;
                healthcheck.*) _arguments '1: :' '2:URL:_urls' ;;
                print.) _arguments '1: :' "2:text:($printable)" ;;
                print.completions) _arguments '1: :' '2: :' "3:shell:($shells)" ;;
                print.(unit|socket|dockerfile)) _arguments $options '1: :' '2: :' '3:ROOT:_files -/' ;;
                print.*) _arguments '1: :' '2: :' ;;
                check.*) _arguments $options '1: :' '2:ROOT:_files -/' ;;
                *)
                    _arguments $options '1: :->first' && return
                    [[ $state == first ]] && { _describe command commands; _files -/ }
                    ;;
            esac
        }
        _aotserve "$@"

        """u8;

    public static string Make()
    {
        StringBuilder script = new StringBuilder(UsualLength).Append("#compdef aotserve\n# zsh completions for aotserve "u8).Append(BuildInfo.Version).Append('\n');
        script.Append("_aotserve() {\n    local context state state_descr line\n    typeset -A opt_args\n    local -a options commands\n    options=(\n"u8);
        foreach (Option option in OptionTable.All)
        {
            if (!option.Hidden)
            {
                AppendOption(script, option);
            }
        }

        script.Append("    )\n    commands=(\n"u8);
        foreach (Command command in CommandTable.All)
        {
            script.Append("        '"u8).Append(command.Name).Append(':').Append(Quote(command.Help.ToString())).Append("'\n"u8);
        }

        return script.Append("    )\n    local printable='"u8).Append(CommandTable.Printable).Append("' shells='"u8).Append(CommandTable.Shells).Append("'\n"u8)
            .Append(End).ToString();
    }

    /// <summary>An option as _arguments takes it: <c>'(-p --port)'{-p+,--port=}'[help]:N:action'</c>.</summary>
    private static void AppendOption(StringBuilder script, Option option)
    {
        var takesValue = option as ValueOption;
        string mark = takesValue is null ? "" : takesValue.BareValue is null ? "=" : "=-";
        script.Append("        "u8);
        if (takesValue?.Separators is not null)
        {
            script.Append(option.Letter == '\0' ? "'*" : "\\*"); // Repeatable.
        }
        else if (option.Letter != '\0')
        {
            script.Append("'(-"u8).Append(option.Letter).Append(" --"u8).Append(option.Name).Append(")'");
        }
        else
        {
            script.Append('\'');
        }

        _ = option.Letter == '\0'
            ? script.Append("--").Append(option.Name).Append(mark)
            : script.Append("{-").Append(option.Letter).Append(takesValue is null ? ",--" : "+,--").Append(option.Name).Append(mark).Append("}'");
        script.Append('[').Append(Quote(option.Help.ToString()).Replace("[", "\\[").Replace("]", "\\]")).Append(']');
        if (takesValue is not null)
        {
            script.Append(takesValue.BareValue is null ? ":" : "::").Append(Quote(takesValue.Placeholder).Replace(":", "\\:")).Append(':');
            script.Append(takesValue.Choices is { } choices ? "(" + choices + ")"
                : takesValue.PathForm == PathForm.Folder ? "_files -/"
                : takesValue.PathForm == PathForm.File ? "_files"
                : "");
        }

        script.Append("'\n"u8);
    }

    /// <summary>What stands between single quotes.</summary>
    private static string Quote(string text) => text.Replace("'", "'\\''");
}
