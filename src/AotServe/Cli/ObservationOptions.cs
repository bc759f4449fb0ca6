using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using AotServe.Net;
using AotServe.Observation;

namespace AotServe.Cli;

/// <summary>The options that say what operators see.</summary>
internal static class ObservationOptions
{
    private const string Observation = "Observation";
    private const string Combined = "combined";
    private const string Json = "json";
    private static ConstantText ExpectedPath => "a path such as /metrics, without a query"u8;

    public static readonly Option[] All =
    [
        new TextOption
        {
            Name = "access-log",
            Group = Observation,
            Placeholder = "FILE",
            Help = "a line for each request; -: to stdout"u8,
            Takes = "a file in a folder that exists, or -"u8,
            PathForm = PathForm.File,
            Read = TryReadLogFile,
        },
        new TextOption
        {
            Name = "log-format",
            Group = Observation,
            Placeholder = "FORMAT",
            Help = "combined (Apache's, the default) or json"u8,
            Takes = "combined or json"u8,
            Choices = Combined + " " + Json,
            Read = TryReadFormat,
        },
        new TextOption
        {
            Name = "log-skip",
            Group = Observation,
            Placeholder = "GLOB",
            Help = "log no such paths (*, ?, **); repeatable"u8,
            Takes = "a name or path with *, ** or ?, such as /healthz or *.ico"u8,
            Separators = TextOption.Line,
            Read = TryAddSkipped,
        },
        new TextOption
        {
            Name = "metrics",
            Group = Observation,
            Placeholder = "PATH",
            Help = "figures for Prometheus at PATH, for this machine"u8,
            Takes = ExpectedPath,
            Read = TryReadMetrics,
        },
        new TextOption
        {
            Name = "status",
            Group = Observation,
            Placeholder = "PATH",
            Help = "a page for people at PATH, for this machine"u8,
            Takes = ExpectedPath,
            Read = TryReadStatus,
        },
        new TextOption
        {
            Name = "admin",
            Group = Observation,
            Placeholder = "ADDRESS:PORT",
            Help = "metrics, status and health there, or at unix:PATH"u8,
            Takes = "an address with a port such as 127.0.0.1:9090 or [::1]:9090, or unix: and a path"u8,
            PathForm = PathForm.UnixSocket,
            Read = TryReadAdmin,
        },
        new TextOption
        {
            Name = "admin-allow",
            Group = Observation,
            Placeholder = "CIDR",
            Help = "who else may see them without --admin; repeatable"u8,
            Takes = "an address or a network such as 10.0.0.0/8, with no bits behind its length"u8,
            Separators = TextOption.CommaOrSpace,
            Read = TryAddAllowed,
        },
        new SwitchOption
        {
            Name = "dev",
            Group = Observation,
            Help = "loopback, listings, no caching, log on stdout"u8,
            Set = static (options, on) => options with { Dev = on },
        },
    ];

    private static bool TryReadLogFile(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = null;
        error = null;
        string path = value;
        if (value.Contains('\0'))
        {
            return false;
        }

        if (value != AccessLogOptions.StandardOutput)
        {
            path = Path.GetFullPath(value);
            error = Directory.Exists(path) || value.EndsWith('/') ? "is a folder; give a file in it, such as " + Quoted.Text(Path.Combine(value, "access.log"))
                : !Directory.Exists(Path.GetDirectoryName(path))
                    && !(options.ServiceMakesFolders && ServiceFolder.TryName(Path.GetDirectoryName(path), ServiceFolder.Logs, out _)) ? "is in a folder that does not exist; make the folder, or choose another file"u8.Text()
                : null;
        }

        if (error is null)
        {
            changed = options with { AccessLog = options.AccessLog with { File = path } };
        }

        return changed is not null;
    }

    private static bool TryReadFormat(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        LogFormat format = value == Json ? LogFormat.Json : LogFormat.Combined;
        changed = value is Json or Combined
            ? options with { AccessLog = options.AccessLog with { Format = format, IsFormatGiven = true } }
            : null;
        return changed is not null;
    }

    private static bool TryReadMetrics(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = HealthPath.IsUsable(value) ? options with { Metrics = value } : null;
        return changed is not null;
    }

    private static bool TryReadStatus(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = HealthPath.IsUsable(value) ? options with { Status = value } : null;
        return changed is not null;
    }

    private static bool TryReadAdmin(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = null;
        if (value.StartsWith(UnixPath.Prefix, StringComparison.Ordinal))
        {
            if (UnixPath.TryParse(value, options.ServiceMakesFolders, out string? path, out error))
            {
                changed = options with { Listen = options.Listen with { AdminPath = path, AdminEndPoint = null } };
            }

            return changed is not null;
        }

        error = null;
        int colon = value.LastIndexOf(':');
        if (colon > 0 && Numeral.TryRead(value.AsSpan(colon + 1), 0, IPEndPoint.MaxPort, out long port)
            && (value[0] == '[' || value.IndexOf(':', StringComparison.Ordinal) == colon)
            && BindAddress.TryParse(value[..colon], out IPAddress? address, out error))
        {
            changed = options with { Listen = options.Listen with { AdminEndPoint = new IPEndPoint(address, (int)port), AdminPath = null } };
        }

        return changed is not null;
    }

    private static bool TryAddAllowed(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = AddressRangeText.TryParse(value, out AddressRange? range) ? options with { AdminAllow = [.. options.AdminAllow, range] } : null;
        return changed is not null;
    }

    private static bool TryAddSkipped(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = options with { AccessLog = options.AccessLog with { Skip = [.. options.AccessLog.Skip, value] } };
        return true;
    }
}
