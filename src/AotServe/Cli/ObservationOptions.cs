using System.Diagnostics.CodeAnalysis;
using System.IO;
using AotServe.Observation;

namespace AotServe.Cli;

/// <summary>The options that say what operators see.</summary>
internal static class ObservationOptions
{
    private const string Observation = "Observation";
    private const string Combined = "combined";
    private const string Json = "json";

    public static readonly Option[] All =
    [
        new TextOption
        {
            Name = "access-log",
            Group = Observation,
            Placeholder = "FILE",
            Help = "a line for each request; -: to stdout",
            Takes = "a file in a folder that exists, or -",
            Read = TryReadLogFile,
        },
        new TextOption
        {
            Name = "log-format",
            Group = Observation,
            Placeholder = "FORMAT",
            Help = "combined (Apache's) or json",
            Default = Combined,
            Takes = "combined or json",
            Read = TryReadFormat,
        },
        new TextOption
        {
            Name = "log-skip",
            Group = Observation,
            Placeholder = "GLOB",
            Help = "log no such paths (*, ?, **); repeatable",
            Takes = "a name or path with *, ** or ?, such as /healthz or *.ico",
            Separators = TextOption.Line,
            Read = TryAddSkipped,
        },
        new SwitchOption
        {
            Name = "dev",
            Group = Observation,
            Help = "loopback, listings, no caching, log on stdout",
            Set = static (options, on) => options with { Dev = on },
        },
    ];

    private static bool TryReadLogFile(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        changed = null;
        error = null;
        string path = value;
        if (value != AccessLogOptions.StandardOutput)
        {
            path = Path.GetFullPath(value);
            error = Directory.Exists(path) || value.EndsWith('/') ? "is a folder; give a file in it, such as " + Quoted.Text(Path.Combine(value, "access.log"))
                : !Directory.Exists(Path.GetDirectoryName(path)) ? "is in a folder that does not exist; make the folder, or choose another file"
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

    private static bool TryAddSkipped(
        string value, ServerOptions options, [NotNullWhen(true)] out ServerOptions? changed, out string? error)
    {
        error = null;
        changed = options with { AccessLog = options.AccessLog with { Skip = [.. options.AccessLog.Skip, value] } };
        return true;
    }
}
