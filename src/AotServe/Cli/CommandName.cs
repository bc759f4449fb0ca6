using System;

namespace AotServe.Cli;

/// <summary>The names of the commands, which <see cref="CommandTable"/> describes, and the arguments of <c>hash-password</c>, which takes none of the server's options.</summary>
internal static class CommandName
{
    public const string Check = "check";
    public const string HashPassword = "hash-password";
    public const string HealthCheck = "healthcheck";
    public const string Print = "print";

    private const string User = "--user";

    /// <summary>Whether the first argument is a command. Only the exact name counts.</summary>
    public static bool Is(string command, string[] args) => args.Length > 0 && args[0] == command;

    /// <summary>The command that was probably meant by a ROOT that is no folder; null: none is near.</summary>
    public static string? NearMiss(string root)
    {
        foreach (Command command in CommandTable.All)
        {
            if (Cli.NearMiss.EditDistance(root.Replace('_', '-').ToLowerInvariant(), command.Name) <= Cli.NearMiss.Tolerance)
            {
                return command.Name;
            }
        }

        return null;
    }

    /// <summary>Reads what follows <c>hash-password</c>: nothing, or <c>--user NAME</c>.</summary>
    public static ParsedCommand ParseHashPassword(string[] args)
    {
        string? user = null;
        for (int i = 1; i < args.Length; i++)
        {
            string argument = args[i];
            if (user is null && argument == User && i + 1 < args.Length)
            {
                user = args[++i];
            }
            else if (user is null && argument.StartsWith(User + "=", StringComparison.Ordinal))
            {
                user = argument[(User.Length + 1)..];
            }
            else
            {
                string error = argument == User
                    ? $"{HashPassword}: {User} needs a name, and only one"
                    : $"{HashPassword} takes no {Quoted.Text(argument)}" + "; the password is asked for, or read from stdin, "u8.Text()
                        + $"and {User} NAME puts a name before the hash";
                return new ParsedCommand.Invalid(error);
            }
        }

        return new ParsedCommand.HashPassword(user);
    }
}
