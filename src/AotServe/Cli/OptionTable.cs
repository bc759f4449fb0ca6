using System;
using System.Diagnostics.CodeAnalysis;
using AotServe.Tls;

namespace AotServe.Cli;

/// <summary>
/// All options, in the order of the help. To add one, add an entry here or in a table that is included here, and a property
/// of <see cref="ServerOptions"/> or of a record in it. The help, the README and the environment follow from the entry.
/// </summary>
internal static class OptionTable
{
    /// <summary>The option that the argument ROOT is another spelling of.</summary>
    public const string RootName = "root";

    private const string Content = "Content";
    private const string Sandbox = "Sandbox";
    private const string About = "About";

    private static readonly Option[] Options =
    [
        new TextOption
        {
            Name = RootName,
            Group = Content,
            Placeholder = "DIR",
            Help = "the folder to serve; another way to give ROOT"u8,
            Takes = "a folder"u8,
            PathForm = PathForm.Folder,
            Read = TryReadRoot,
        },
        new NumberOption
        {
            Name = "cache-size",
            Group = Content,
            Placeholder = "MIB",
            Help = "memory for small files; 0: no cache"u8,
            DefaultNumber = ServerOptions.DefaultCacheBytes,
            Quantity = "a number of MiB"u8,
            Most = 1 << 20,
            Unit = NumberOption.Mebibyte,
            Set = static (options, value) => options with { CacheBytes = value },
        },
        new SwitchOption
        {
            Name = "compress",
            Group = Content,
            Help = "keep compressed copies of text files in memory"u8,
            Set = static (options, on) => options with { Site = options.Site with { Compress = on } },
        },
        .. PageOptions.All,
        .. HeaderOptions.All,
        .. AccessOptions.All,
        .. ListeningOptions.All,
        .. SecureOptions.All,
        .. LimitOptions.All,
        .. StoppingOptions.All,
        .. ObservationOptions.All,
        new TextOption
        {
            Name = "user",
            Group = Sandbox,
            Placeholder = "USER[:GROUP]",
            Help = "listen as root, then switch to this user"u8,
            Takes = "a user's name or number, with a group's or without"u8,
            Read = TryReadUser,
        },
        new SwitchOption
        {
            Name = "no-sandbox",
            Group = Sandbox,
            Help = "do not restrict the process with Landlock (Linux)"u8,
            Set = static (options, on) => options with { NoSandbox = on },
        },
        new PrintOption
        {
            Name = "help",
            Letter = 'h',
            Group = About,
            Help = "print this and exit"u8,
            Make = HelpText.Make,
        },
        new PrintOption
        {
            Name = "version",
            Letter = 'v',
            SecondLetter = 'V',
            Group = About,
            Help = "print version, framework and platform, and exit"u8,
            Make = static () => $"aotserve {BuildInfo.Version} ({BuildInfo.Framework}, {BuildInfo.Platform}"
                + (TlsSupport.OpenSslVersion is { } openSsl ? $", OpenSSL {openSsl})\n" : ")\n"),
        },
        new SwitchOption
        {
            Name = "verbose",
            Group = About,
            Help = "report the sandbox, connections, unused files"u8,
            Set = static (options, on) => options with { Verbose = on },
        },
    ];

    public static ReadOnlySpan<Option> All => Options;

    /// <summary>The index in <see cref="All"/> of the option spelt <c>--name</c> or <c>-n</c>; -1: there is none.</summary>
    public static int IndexOf(ReadOnlySpan<char> spelling)
    {
        for (int i = 0; i < Options.Length; i++)
        {
            if (Options[i].Matches(spelling))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool TryReadRoot(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = FolderArgument.TryResolve(value, out string? folder, out error) ? options with { Root = folder } : null;
        return changed is not null;
    }

    private static bool TryReadUser(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = options with { User = value };
        return true;
    }
}
