using System;
using System.Net;
using System.Text;
using AotServe.Http;

namespace AotServe.Cli;

/// <summary>
/// Every option there is, in the help's order. A new option is an entry here and a property of <see cref="ServerOptions"/>.
/// </summary>
internal static class OptionTable
{
    private const string Content = "Content";
    private const string Headers = "Headers";
    private const string Listening = "Listening";
    private const string Stopping = "Stopping";
    private const string Walls = "Walls";
    private const string About = "About";

    private static readonly Option[] Options =
    [
        new()
        {
            Name = RootName,
            Group = Content,
            Placeholder = "DIR",
            Help = "the folder to serve; another spelling of ROOT",
            Expects = "a folder",
            Read = static (string value, ServerOptions options, ref string? error) =>
                FolderArgument.Resolve(value, ref error) is { } root ? options with { Root = root } : null,
        },
        NumberOption.Integer(
            "cache-size", Content, "MIB", "memory for small files; 0: none", "32", "a number of MiB", 0, 1 << 20,
            static (options, value) => options with { CacheMebibytes = value }),
        new()
        {
            Name = "compress",
            Group = Content,
            Help = "compress text once, in the background, in memory",
            Switch = static (options, on) => options with { Compress = on },
        },
        .. PageOptions.All,
        new()
        {
            Name = "header",
            Group = Headers,
            Placeholder = "'NAME: VALUE'",
            Help = "a field of every answer; repeatable",
            Expects = "a field such as 'X-Frame-Options: DENY'",
            IsList = true,
            Separators = ['\n'],
            Read = static (string value, ServerOptions options, ref string? error) =>
                FieldSetting.TryParse(Encoding.UTF8.GetBytes(value), out FieldSetting? setting, out error)
                    ? options with { Headers = [.. options.Headers, setting] }
                    : null,
        },
        new()
        {
            Name = "cache-control",
            Group = Headers,
            Placeholder = "RULE",
            Help = "VALUE, PATTERN=VALUE or off; repeatable",
            Expects = "a value such as no-cache, a pattern and a value such as *.js=max-age=60, or off",
            IsList = true,
            Separators = ['\n'],
            Read = static (string value, ServerOptions options, ref string? error) =>
                options with { CacheControl = [.. options.CacheControl, value] },
        },
        new()
        {
            Name = "cors",
            Group = Headers,
            Placeholder = "ORIGIN",
            Help = "let scripts of any or one origin read; repeatable",
            Expects = "an origin such as https://app.example, or * for any",
            IsList = true,
            BareValue = CorsOrigin.Any,
            Read = static (string value, ServerOptions options, ref string? error) =>
                CorsOrigin.Add(options.CorsOrigins, value, ref error) is { } origins
                    ? options with { CorsOrigins = origins }
                    : null,
        },
        .. AccessOptions.All,
        NumberOption.Integer(
            "port", Listening, "N", "the TCP port; 0: the system picks one", "7878", "a number", 0, IPEndPoint.MaxPort,
            static (options, value) => options with { Port = (int)value }),
        new()
        {
            Name = "bind",
            Group = Listening,
            Placeholder = "ADDRESS",
            Help = "an IPv4 or IPv6 address; repeatable",
            Default = "all",
            Expects = "an IPv4 or IPv6 address such as 127.0.0.1 or ::1",
            IsList = true,
            Read = static (string value, ServerOptions options, ref string? error) =>
                BindAddress.Parse(value, ref error) is { } address ? WithBind(options, address, ref error) : null,
        },
        NumberOption.Integer(
            "threads", Listening, "N", "how many workers, 1 to 1024", "4", "a number", 1, 1024,
            static (options, value) => options with { Threads = (int)value }),
        new()
        {
            Name = "reuse-port",
            Group = Listening,
            Help = "let several servers share the port (Linux)",
            Switch = static (options, on) => options with { ReusePort = on },
        },
        new()
        {
            Name = "poller",
            Group = Listening,
            Placeholder = "epoll|select",
            Help = "how to wait for sockets",
            Default = "epoll",
            Expects = "epoll or select",
            Hidden = true,
            Read = static (string value, ServerOptions options, ref string? error) =>
                value is "epoll" or "select" ? options with { PortablePoller = value == "select" } : null,
        },
        .. LimitOptions.All,
        new()
        {
            Name = "health",
            Group = Stopping,
            Placeholder = "PATH",
            Help = "for load balancers: 200, or 503 while stopping",
            Expects = "a path such as /healthz, without a query",
            Read = static (string value, ServerOptions options, ref string? error) =>
                HealthPath.IsUsable(value) ? options with { Health = value } : null,
        },
        NumberOption.Seconds(
            "drain-delay", Stopping, "how long a stop goes on accepting first", "0", 3600,
            static (options, value) => options with { DrainDelay = value }),
        NumberOption.Integer(
            "exit-after", Stopping, "N", "stop after N connections were accepted", "never", "a number of connections", 1, long.MaxValue,
            static (options, value) => options with { ExitAfter = value }),
        NumberOption.Seconds(
            "shutdown-timeout", Stopping, "how long a stop waits for requests", "30", 86400,
            static (options, value) => options with { ShutdownTimeout = value }),
        NumberOption.Seconds(
            "replace-timeout", Stopping, "how long a successor may take to start", "10", 3600,
            static (options, value) => options with { ReplaceTimeout = value }, hidden: true),
        new()
        {
            Name = "user",
            Group = Walls,
            Placeholder = "USER[:GROUP]",
            Help = "listen as root, then be this user for good",
            Expects = "a user's name or number, with a group's or without",
            Read = static (string value, ServerOptions options, ref string? error) => options with { User = value },
        },
        new()
        {
            Name = "no-sandbox",
            Group = Walls,
            Help = "let the process do what serving does not take",
            Switch = static (options, on) => options with { NoSandbox = on },
        },
        new()
        {
            Name = "help",
            Letter = 'h',
            Group = About,
            Help = "print this and exit",
            Print = HelpText.Make,
        },
        new()
        {
            Name = "version",
            Letter = 'V',
            Group = About,
            Help = "print version, framework and platform, and exit",
            Print = static () => $"aotserve {BuildInfo.Version} ({BuildInfo.Framework}, {BuildInfo.Platform})\n",
        },
        new()
        {
            Name = "verbose",
            Group = About,
            Help = "say which walls there are, and which are missing",
            Switch = static (options, on) => options with { Verbose = on },
        },
    ];

    /// <summary>The option that ROOT is another spelling of.</summary>
    public const string RootName = "root";

    public static ReadOnlySpan<Option> All => Options;

    /// <summary>The index in <see cref="All"/> of the option spelt <c>--name</c> or <c>-n</c>; -1: there is none.</summary>
    public static int IndexOf(ReadOnlySpan<char> spelling)
    {
        for (int i = 0; i < Options.Length; i++)
        {
            if (Options[i].IsCalled(spelling))
            {
                return i;
            }
        }

        return -1;
    }

    private static ServerOptions? WithBind(ServerOptions options, IPAddress address, ref string? error)
    {
        var addresses = new IPAddress[options.Bind.Count + 1];
        for (int i = 0; i < options.Bind.Count; i++)
        {
            if (options.Bind[i].Equals(address))
            {
                error = "is given twice; give each address once";
                return null;
            }

            addresses[i] = options.Bind[i];
        }

        addresses[^1] = address;
        return options with { Bind = addresses };
    }
}
