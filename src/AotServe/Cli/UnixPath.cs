using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using AotServe.Net;

namespace AotServe.Cli;

/// <summary>The form of a Unix socket on the command line: <c>unix:/run/aotserve.sock</c>.</summary>
internal static class UnixPath
{
    /// <summary>What it begins with.</summary>
    public const string Prefix = "unix:";

    /// <summary>Whether a text can be the path of a Unix socket, whatever is there.</summary>
    public static bool IsUsable(string path) =>
        path.Length > 0 && path[0] != '@' && !path.EndsWith('/') && !path.Contains('\0', StringComparison.Ordinal)
        && Encoding.UTF8.GetByteCount(Path.GetFullPath(path)) <= UnixSocketFile.LongestPath;

    /// <summary>Reads a value that begins with <see cref="Prefix"/>. The folder of the path exists.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mayBeMade">Whether a folder that does not exist is none the less right, if a service manager makes it.</param>
    /// <param name="path">The full path.</param>
    /// <param name="error">What is wrong and what would be right.</param>
    public static bool TryParse(string value, bool mayBeMade, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? error)
    {
        path = null;
        error = null;
        string text = value[Prefix.Length..];
        if (OperatingSystem.IsWindows())
        {
            error = "is a Unix socket, which this system does not have here; give an address"u8.Text();
        }
        else if (text.Length == 0 || text[0] == '@' || text.Contains('\0', StringComparison.Ordinal))
        {
            error = "has no path; write unix:/run/aotserve.sock, for a socket without a file cannot be kept from other users"u8.Text();
        }
        else if (Encoding.UTF8.GetByteCount(Path.GetFullPath(text)) > UnixSocketFile.LongestPath)
        {
            error = "is too long: the path of a Unix socket has at most "u8.Text() + UnixSocketFile.LongestPath + " bytes";
        }
        else if (Directory.Exists(Path.GetFullPath(text)) || text.EndsWith('/'))
        {
            error = "is a folder; give the path of the socket in it, such as "u8.Text() + Quoted.Text(value.TrimEnd('/') + "/aotserve.sock");
        }
        else if (Path.GetDirectoryName(Path.GetFullPath(text)) is var folder && !Directory.Exists(folder)
            && !(mayBeMade && ServiceFolder.TryName(folder, ServiceFolder.Runtime, out _)))
        {
            error = "is in a folder that does not exist; make the folder, or choose another path"u8.Text();
        }

        if (error is not null)
        {
            return false;
        }

        path = Path.GetFullPath(text);
        return true;
    }
}
