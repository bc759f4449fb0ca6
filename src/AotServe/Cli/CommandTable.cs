using System;

namespace AotServe.Cli;

/// <summary>All commands, for the manual, the completions and the "did you mean". A start that serves does not touch it.</summary>
internal static class CommandTable
{
    /// <summary>What <c>print</c> can print.</summary>
    public const string Printable = "man completions unit socket dockerfile";

    /// <summary>The shells that there are completions for.</summary>
    public const string Shells = "bash zsh fish";

    private static readonly Command[] Commands =
    [
        new(
            CommandName.Check,
            "[ROOT] [OPTION]..."u8,
            "open what a start would, and say what would be served"u8,
            "Opens and reads what a start with these options would, and prints what would be served (exit status 0) or what is wrong (2). "u8
            + "It does not listen."u8),
        new(
            CommandName.HashPassword,
            "[--user NAME]"u8,
            "make a password's hash for an auth file"u8,
            "Asks for a password, or reads it from standard input, and prints its hash, or with a name the line for the file of --auth-file."u8),
        new(
            CommandName.HealthCheck,
            "[URL]"u8,
            "ask a server whether it is well"u8,
            "Asks a server, by default the one on this machine's port, and exits with 0 if the answer has a status from 200 to 399, else with 1. "u8
            + "A URL is http://ADDRESS:PORT/PATH or unix:SOCKET:/PATH."u8),
        new(
            CommandName.Print,
            "WHAT [ROOT] [OPTION]..."u8,
            "print what belongs to an installed server"u8,
            "WHAT is man (this page), completions and one of bash, zsh and fish, unit or socket (for systemd), or dockerfile. "u8
            + "The last three are for the options given, which are checked as at a start; the environment is not read. With --user, the unit has the user "u8
            + "and the group in place of the option. Folders directly in /run and /var/log are made by the unit where a socket or the access log lies in them."u8),
    ];

    public static ReadOnlySpan<Command> All => Commands;
}
