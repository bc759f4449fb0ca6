using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;

namespace AotServe.Cli;

/// <summary>Reads the command line and the environment into a <see cref="ParsedCommand"/>.</summary>
/// <remarks>
/// The command line is read first. A variable is read only for an option that the command line does not set, so a wrong value
/// that is not used is no error.
/// </remarks>
internal static class CommandLine
{
    /// <summary>
    /// Parses. It accesses nothing but the file system, to check that each root is a readable folder. Never throws.
    /// </summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="environment">
    /// Looks a variable up: <see cref="Environment.GetEnvironmentVariable(string)"/>, or a test's. Null: no variable is set that is an option's.
    /// </param>
    public static ParsedCommand Parse(string[] args, Func<string, string?>? environment)
    {
        if (FindPrintOption(args) is { } print)
        {
            return new ParsedCommand.Print(print.Make());
        }

        if (CommandName.Is(CommandName.HashPassword, args))
        {
            return CommandName.ParseHashPassword(args);
        }

        if (CommandName.Is(CommandName.HealthCheck, args))
        {
            return HealthCheckUrl.ParseCommand(args, environment);
        }

        if (CommandName.Is(CommandName.Print, args))
        {
            return PrintArguments.Parse(args);
        }

        bool isCheck = CommandName.Is(CommandName.Check, args);

        var options = new ServerOptions();
        Span<bool> given = stackalloc bool[OptionTable.All.Length];
        if (!TryReadArguments(args, isCheck ? 1 : 0, ref options, given, null, out string? error)
            || (environment is not null && !TryReadEnvironment(environment, ref options, given, out error))
            || !OptionCombination.TryCheck(options, out error))
        {
            return new ParsedCommand.Invalid(error);
        }

        options = DevOptions.Apply(options);
        return isCheck ? new ParsedCommand.Check(options) : new ParsedCommand.Serve(options);
    }

    /// <summary>Reads arguments alone, and records the options among them, for a server that starts elsewhere or later.</summary>
    /// <param name="args">All arguments.</param>
    /// <param name="first">The first that is ROOT or an option.</param>
    /// <param name="options">What to begin with; what was read, where all is right.</param>
    /// <param name="record">Gets the options in their order; not the argument ROOT.</param>
    /// <param name="error">What is wrong and what would be right.</param>
    public static bool TryReadGiven(
        string[] args, int first, ref ServerOptions options, List<GivenOption> record, [NotNullWhen(false)] out string? error)
    {
        Span<bool> given = stackalloc bool[OptionTable.All.Length];
        if (!TryReadArguments(args, first, ref options, given, record, out error) || !OptionCombination.TryCheck(options, out error))
        {
            return false;
        }

        options = DevOptions.Apply(options);
        return true;
    }

    /// <summary>
    /// The first <c>--help</c> or <c>--version</c> before a <c>--</c>. It takes precedence over errors, so that someone who asks for
    /// help gets it.
    /// </summary>
    private static PrintOption? FindPrintOption(string[] args)
    {
        for (int i = 0; i < args.Length && args[i] != "--"; i++)
        {
            if (IsOption(args[i]) && OptionTable.IndexOf(args[i]) is >= 0 and int index
                && OptionTable.All[index] is PrintOption print)
            {
                return print;
            }
        }

        return null;
    }

    private static bool TryReadArguments(
        string[] args,
        int first,
        ref ServerOptions options,
        Span<bool> given,
        List<GivenOption>? record,
        [NotNullWhen(false)] out string? error)
    {
        string? root = null;
        bool optionsEnded = false;
        for (int i = first; i < args.Length; i++)
        {
            string argument = args[i];
            if (optionsEnded || !IsOption(argument))
            {
                if (root is not null)
                {
                    error = $"ROOT is given twice, {Quoted.Text(root)} and {Quoted.Text(argument)}; give one folder";
                    return false;
                }

                root = argument;
            }
            else if (argument == "--")
            {
                optionsEnded = true;
            }
            else if (!TryReadOption(args, ref i, ref options, given, record, out error))
            {
                return false;
            }
        }

        error = null;
        return root is null || TryReadRoot(root, ref options, given, out error);
    }

    /// <summary>Reads the option at <paramref name="position"/>, and its value, where the next argument is that.</summary>
    private static bool TryReadOption(
        string[] args,
        ref int position,
        ref ServerOptions options,
        Span<bool> given,
        List<GivenOption>? record,
        [NotNullWhen(false)] out string? error)
    {
        string argument = args[position];
        int equals = argument.IndexOf('=');
        ReadOnlySpan<char> spelling = equals >= 0 ? argument.AsSpan(0, equals) : IsJoined(argument) ? argument.AsSpan(0, 2) : argument;
        int index = OptionTable.IndexOf(spelling);
        if (index < 0)
        {
            error = UnknownOption(spelling);
            return false;
        }

        given[index] = true;
        Option option = OptionTable.All[index];
        if (option is SwitchOption onOff && equals < 0)
        {
            options = onOff.Set(options, true);
            record?.Add(new GivenOption(option, null));
            error = null;
            return true;
        }

        if (option is not ValueOption takesValue)
        {
            // A print option without a value was handled before all others.
            error = $"--{option.Name} takes no value; give it as --{option.Name}";
            return false;
        }

        string value = equals >= 0 ? argument[(equals + 1)..]
            : IsJoined(argument) ? argument[2..]
            : takesValue.BareValue is not null ? takesValue.BareValue
            : position + 1 < args.Length && !LooksLikeOption(args[position + 1]) ? args[++position]
            : "";
        if (value.Length == 0)
        {
            error = $"--{option.Name} needs a value: {takesValue.Expects}";
            return false;
        }

        record?.Add(new GivenOption(option, value));
        return TrySet(takesValue, "--" + option.Name + ": ", value, ref options, out error);
    }

    /// <summary>Reads the argument ROOT. A --root beside it is allowed if both name the same folder.</summary>
    private static bool TryReadRoot(
        string root, ref ServerOptions options, Span<bool> given, [NotNullWhen(false)] out string? error)
    {
        if (root.Length == 0)
        {
            error = "ROOT is empty; give a folder to serve, or none for the built-in site"u8.Text();
            return false;
        }

        string? other = options.Root;
        int index = OptionTable.IndexOf("--" + OptionTable.RootName);
        given[index] = true;
        if (!TrySet((ValueOption)OptionTable.All[index], "ROOT ", root, ref options, out error))
        {
            error = CommandName.NearMiss(root) is { } name ? $"{error}; or did you mean 'aotserve {name}'?" : error;
            return false;
        }

        if (other is not null && other != options.Root)
        {
            error = $"ROOT {Quoted.Text(root)} and --root {Quoted.Text(other)} differ; give one of them";
            return false;
        }

        return true;
    }

    private static bool TryReadEnvironment(
        Func<string, string?> environment,
        ref ServerOptions options,
        ReadOnlySpan<bool> given,
        [NotNullWhen(false)] out string? error)
    {
        ReadOnlySpan<Option> all = OptionTable.All;
        for (int i = 0; i < all.Length; i++)
        {
            Option option = all[i];
            if (given[i] || option is PrintOption || environment(option.Variable) is not { Length: > 0 } value)
            {
                continue;
            }

            if (ForeignVariables.IsServiceLink(value))
            {
                string line = $"the variable {option.Variable} is passed over: {Quoted.Text(value)}" + " is an address that Kubernetes sets for a service of "u8.Text()
                    + "that name; enableServiceLinks: false keeps it away"u8.Text();
                options = options with { Warnings = [.. options.Warnings, line] };
                continue;
            }

            if (option is SwitchOption onOff)
            {
                if (!TrySetSwitch(onOff, value, ref options, out error))
                {
                    return false;
                }
            }
            else if (!TrySetAll((ValueOption)option, value, ref options, out error))
            {
                return false;
            }
        }

        error = null;
        return true;
    }

    private static bool TrySetSwitch(
        SwitchOption option, string value, ref ServerOptions options, [NotNullWhen(false)] out string? error)
    {
        bool? on = value.ToLowerInvariant() switch
        {
            "1" or "true" or "yes" or "on" => true,
            "0" or "false" or "no" or "off" => false,
            _ => null,
        };
        if (on is null)
        {
            error = $"{option.Variable}: {Quoted.Text(value)} is neither on nor off; give 1 or 0";
            return false;
        }

        options = option.Set(options, on.Value);
        error = null;
        return true;
    }

    /// <summary>Sets an option to each of the values in its variable.</summary>
    private static bool TrySetAll(
        ValueOption option, string list, ref ServerOptions options, [NotNullWhen(false)] out string? error)
    {
        string[] values = option.Separators is { } separators
            ? list.Split(separators.ToCharArray(), StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [list];

        // A list of nothing but separators is a mistake, unlike an empty variable: the reader refuses it.
        foreach (string value in values.Length == 0 ? [list] : values)
        {
            if (!TrySet(option, option.Variable + ": ", value, ref options, out error))
            {
                return false;
            }
        }

        error = null;
        return true;
    }

    /// <summary>Sets an option to a value. The error begins with <paramref name="source"/>: where the value came from.</summary>
    private static bool TrySet(
        ValueOption option, string source, string value, ref ServerOptions options, [NotNullWhen(false)] out string? error)
    {
        if (!option.TryRead(value, options, out ServerOptions? changed, out error))
        {
            error = $"{source}{Quoted.Text(value)} {error}";
            return false;
        }

        options = changed;
        return true;
    }

    private static string UnknownOption(ReadOnlySpan<char> spelling) =>
        $"unknown option {Quoted.Text(spelling.ToString())}; " +
        (NearMiss.Of(spelling) is { } name ? $"did you mean --{name}?" : "aotserve --help lists them all");

    /// <summary>Whether a letter and its value are in one argument: <c>-p8080</c>.</summary>
    private static bool IsJoined(string argument) => argument.Length > 2 && (char.IsAsciiDigit(argument[2]) || argument[2] is ':' or '[')
        && OptionTable.IndexOf(argument.AsSpan(0, 2)) is >= 0 and int index && OptionTable.All[index] is ValueOption;

    /// <summary>A lone "-" is no option, but a ROOT.</summary>
    private static bool IsOption(string argument) => argument.Length > 1 && argument[0] == '-';

    /// <summary>
    /// Whether an argument in the place of a value is the next option instead. A negative number is a value, if a wrong one.
    /// </summary>
    private static bool LooksLikeOption(string argument) => IsOption(argument) && !char.IsAsciiDigit(argument[1]);
}
