using System;
using System.Collections.Generic;

namespace AotServe.Cli;

/// <summary>Reads the command line and the environment into <see cref="ServerOptions"/>.</summary>
/// <remarks>
/// The command line is read first, and a variable only where it was silent: what is not used is not judged. A process
/// that was just started has better things to do, so nothing is built that an error or the help alone would need.
/// </remarks>
internal static class CommandLine
{
    /// <summary>Parses; touches nothing but the file system (to see that a root is a readable folder). Never throws.</summary>
    /// <param name="args">The arguments, without the program's name.</param>
    /// <param name="environment">Looks a variable up: <see cref="Environment.GetEnvironmentVariable(string)"/>, or a test's.</param>
    public static ParsedCommand Parse(IReadOnlyList<string> args, Func<string, string?> environment)
    {
        if (PrintRequest(args) is { } print)
        {
            return new ParsedCommand.Print(print());
        }

        if (CommandName.Is(CommandName.HashPassword, args))
        {
            return CommandName.ParseHashPassword(args);
        }

        bool isCheck = CommandName.Is(CommandName.Check, args);

        var options = new ServerOptions();
        Span<bool> given = stackalloc bool[OptionTable.All.Length];
        string? error = ReadArguments(args, isCheck ? 1 : 0, ref options, given)
            ?? ReadEnvironment(environment, ref options, given)
            ?? Contradiction(options);
        return error is not null ? new ParsedCommand.Invalid(error)
            : isCheck ? new ParsedCommand.Check(options)
            : new ParsedCommand.Serve(options);
    }

    /// <summary>What is wrong with options that are each right, or that this system cannot do; null: nothing.</summary>
    private static string? Contradiction(ServerOptions options)
    {
        bool hasHosts = options.VirtualHosts.Count > 0;
        return options.StrictHost && !hasHosts ? "--strict-host refuses all hosts that no --vhost names; give a --vhost"
            : options.AuthFile is not null && options.Root is null && !hasHosts
                ? "--auth-file is for folders; give ROOT or a --vhost, for the built-in site asks for no password"
            : options.ReusePort && !OperatingSystem.IsLinux()
                ? "--reuse-port: this system does not spread connections over the servers of a port; leave it out"
            : null;
    }

    /// <summary>The first --help or --version before a "--": someone who asks for help gets it, whatever else is wrong.</summary>
    private static Func<string>? PrintRequest(IReadOnlyList<string> args)
    {
        for (int i = 0; i < args.Count && args[i] != "--"; i++)
        {
            if (IsOption(args[i]) && OptionTable.IndexOf(args[i]) is >= 0 and int index
                && OptionTable.All[index].Print is { } print)
            {
                return print;
            }
        }

        return null;
    }

    private static string? ReadArguments(IReadOnlyList<string> args, int first, ref ServerOptions options, Span<bool> given)
    {
        string? root = null;
        bool optionsEnded = false;
        for (int i = first; i < args.Count; i++)
        {
            string argument = args[i];
            if (optionsEnded || !IsOption(argument))
            {
                if (root is not null)
                {
                    return $"ROOT is given twice, {Quoted.Text(root)} and {Quoted.Text(argument)}; give one folder";
                }

                root = argument;
                continue;
            }

            if (argument == "--")
            {
                optionsEnded = true;
                continue;
            }

            int equals = argument.IndexOf('=');
            ReadOnlySpan<char> spelling = equals < 0 ? argument : argument.AsSpan(0, equals);
            int index = OptionTable.IndexOf(spelling);
            if (index < 0)
            {
                return UnknownOption(spelling);
            }

            Option option = OptionTable.All[index];
            if (option.Switch is not null && equals < 0)
            {
                options = option.Switch(options, true);
                given[index] = true;
                continue;
            }

            if (option.Read is null)
            {
                // Without a value it would have been answered or turned on already.
                return $"--{option.Name} takes no value; give it as --{option.Name}";
            }

            string value = equals >= 0 ? argument[(equals + 1)..]
                : option.BareValue is not null ? option.BareValue
                : i + 1 < args.Count && !LooksLikeOption(args[i + 1]) ? args[++i]
                : "";
            if (value.Length == 0)
            {
                return $"--{option.Name} needs a value: {option.Expects}";
            }

            if (Apply(option, $"--{option.Name}: ", value, ref options) is { } error)
            {
                return error;
            }

            given[index] = true;
        }

        return root is null ? null : ReadRoot(root, ref options, given);
    }

    /// <summary>Reads the argument ROOT, which may stand beside a --root only if both mean one folder.</summary>
    private static string? ReadRoot(string root, ref ServerOptions options, Span<bool> given)
    {
        if (root.Length == 0)
        {
            return "ROOT is empty; give a folder to serve, or none for the built-in site";
        }

        string? other = options.Root;
        int index = OptionTable.IndexOf("--" + OptionTable.RootName);
        if (Apply(OptionTable.All[index], "ROOT ", root, ref options) is { } error)
        {
            return CommandName.NearMiss(root) is { } name ? $"{error}; or did you mean 'aotserve {name}'?" : error;
        }

        given[index] = true;
        return other is null || other == options.Root
            ? null
            : $"ROOT {Quoted.Text(root)} and --root {Quoted.Text(other)} differ; give one of them";
    }

    private static string? ReadEnvironment(
        Func<string, string?> environment, ref ServerOptions options, ReadOnlySpan<bool> given)
    {
        ReadOnlySpan<Option> all = OptionTable.All;
        for (int i = 0; i < all.Length; i++)
        {
            Option option = all[i];
            if (given[i] || option.Print is not null || environment(option.Variable) is not { Length: > 0 } value)
            {
                continue;
            }

            if (option.Switch is not null)
            {
                if (OnOrOff(value) is not { } on)
                {
                    return $"{option.Variable}: {Quoted.Text(value)} is neither on nor off; give 1 or 0";
                }

                options = option.Switch(options, on);
                continue;
            }

            string[] values = option.IsList ? value.Split(option.Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [value];

            // A list of nothing but separators is a mistake, not an unset variable: let the reader refuse it.
            foreach (string item in values.Length == 0 ? [value] : values)
            {
                if (Apply(option, $"{option.Variable}: ", item, ref options) is { } error)
                {
                    return error;
                }
            }
        }

        return null;
    }

    /// <summary>Sets one option to one value; returns the error, which begins with where the value came from.</summary>
    private static string? Apply(Option option, string source, string value, ref ServerOptions options)
    {
        string? error = null;
        if (option.Read!(value, options, ref error) is { } changed)
        {
            options = changed;
            return null;
        }

        return $"{source}{Quoted.Text(value)} {error ?? $"is not {option.Expects}"}";
    }

    private static bool? OnOrOff(string value) => value.ToLowerInvariant() switch
    {
        "1" or "true" or "yes" or "on" => true,
        "0" or "false" or "no" or "off" => false,
        _ => null,
    };

    private static string UnknownOption(ReadOnlySpan<char> spelling) =>
        $"unknown option {Quoted.Text(spelling.ToString())}; " +
        (NearMiss.Of(spelling) is { } name ? $"did you mean --{name}?" : "aotserve --help lists them all");

    /// <summary>A lone "-" is a ROOT like any other.</summary>
    private static bool IsOption(string argument) => argument.Length > 1 && argument[0] == '-';

    /// <summary>Whether what stands where a value should is the next option; a negative number is a value, if a wrong one.</summary>
    private static bool LooksLikeOption(string argument) => IsOption(argument) && !char.IsAsciiDigit(argument[1]);
}
