using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using AotServe.Net;

namespace AotServe.Cli;

/// <summary>The options that say where and how the server listens.</summary>
internal static class ListeningOptions
{
    private const string Listening = "Listening";
    private const string Epoll = "epoll";
    private const string Select = "select";
    private const string GivenTwice = "is given twice; give each address once";

    public static readonly Option[] All =
    [
        new NumberOption
        {
            Name = "port",
            Letter = 'p',
            Group = Listening,
            Placeholder = "N",
            Help = "the TCP port; 0: the system picks one"u8,
            DefaultNumber = ListenOptions.DefaultPort,
            Quantity = "a number"u8,
            Most = IPEndPoint.MaxPort,
            Set = static (options, value) => options with { Listen = options.Listen with { Port = (int)value } },
        },
        new TextOption
        {
            Name = "bind",
            Letter = 'b',
            Group = Listening,
            Placeholder = "ADDRESS",
            Help = "an IP address, or unix:PATH; repeatable"u8,
            Default = "all",
            Takes = "an IPv4 or IPv6 address such as 127.0.0.1 or ::1, or unix: and a path"u8,
            PathForm = PathForm.UnixSocket,
            Separators = TextOption.CommaOrSpace,
            Read = TryAddAddress,
        },
        new TextOption
        {
            Name = "socket-mode",
            Group = Listening,
            Placeholder = "MODE",
            Help = "who may connect to Unix sockets"u8,
            Default = "666",
            Takes = "three octal digits such as 660"u8,
            Read = TryReadSocketMode,
        },
        new NumberOption
        {
            Name = "threads",
            Letter = 't',
            Group = Listening,
            Placeholder = "N",
            Help = "worker threads, 1 to 1024"u8,
            DefaultNumber = ServerOptions.DefaultThreads,
            Quantity = "a number"u8,
            Least = 1,
            Most = 1024,
            Set = static (options, value) => options with { Threads = (int)value },
        },
        new SwitchOption
        {
            Name = "reuse-port",
            Group = Listening,
            Help = "let several servers share the port (Linux)"u8,
            Set = static (options, on) => options with { Listen = options.Listen with { ReusePort = on } },
        },
        new TextOption
        {
            Name = "poller",
            Group = Listening,
            Placeholder = "epoll|select",
            Help = "how to wait for sockets"u8,
            Default = Epoll,
            Takes = "epoll or select"u8,
            Hidden = true,
            Read = TryReadPoller,
        },
    ];

    private static bool TryAddAddress(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = null;
        if (value.StartsWith(UnixPath.Prefix, StringComparison.Ordinal))
        {
            if (!UnixPath.TryParse(value, options.ServiceMakesFolders, out string? path, out error))
            {
                return false;
            }

            ListenOptions listen = options.Listen;
            foreach (string other in listen.UnixPaths)
            {
                if (other == path)
                {
                    error = GivenTwice;
                    return false;
                }
            }

            changed = options with { Listen = listen with { UnixPaths = [.. listen.UnixPaths, path] } };
            return true;
        }

        if (!BindAddress.TryParse(value, out IPAddress? address, out error))
        {
            return false;
        }

        foreach (IPAddress other in options.Listen.Addresses)
        {
            if (other.Equals(address))
            {
                error = GivenTwice;
                return false;
            }
        }

        changed = options with { Listen = options.Listen with { Addresses = [.. options.Listen.Addresses, address] } };
        return true;
    }

    private static bool TryReadSocketMode(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        string digits = value.Length == 4 && value[0] == '0' ? value[1..] : value;
        bool isMode = digits.Length == 3 && !digits.AsSpan().ContainsAnyExceptInRange('0', '7');
        changed = isMode ? options with { Listen = options.Listen with { SocketMode = (UnixFileMode)Convert.ToInt32(digits, 8) } } : null;
        return changed is not null;
    }

    private static bool TryReadPoller(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = value is Epoll or Select ? options with { PortablePoller = value == Select } : null;
        return changed is not null;
    }
}
