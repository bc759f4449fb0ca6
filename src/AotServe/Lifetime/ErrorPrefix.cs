using System;
using System.Globalization;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// What lines of stderr begin with: a level for the journal, where stderr is connected to it (systemd.exec(5), JOURNAL_STREAM), and the time
/// where stderr is a file, which knows none.
/// </summary>
internal static class ErrorPrefix
{
    private const int Error = 2;

    /// <summary>The level of an error (sd-daemon(3)).</summary>
    private const string Level = "<3>";

    private static readonly Form Used = Find();

    private enum Form
    {
        None,
        Level,
        Time,
    }

    /// <summary>The prefix of a line that is written now.</summary>
    public static string Make() => Used switch
    {
        Form.Level => Level,
        Form.Time => Time(DateTime.UtcNow),
        _ => "",
    };

    /// <summary>By numbers: .NET's own formatting of times would be in the executable for this line alone.</summary>
    private static string Time(DateTime now) => string.Create(
        CultureInfo.InvariantCulture, $"{now.Year:D4}-{now.Month:D2}-{now.Day:D2}T{now.Hour:D2}:{now.Minute:D2}:{now.Second:D2}Z ");

    private static Form Find()
    {
        if (!OperatingSystem.IsLinux() || LinuxFiles.Stat(Error, out LinuxFileStatus status) != 0)
        {
            return Form.None;
        }

        string? journal = Environment.GetEnvironmentVariable("JOURNAL_STREAM");
        return journal is not null && journal == string.Create(CultureInfo.InvariantCulture, $"{status.DeviceNumber}:{status.Inode}") ? Form.Level
            : status.IsRegular ? Form.Time
            : Form.None;
    }
}
