using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AotServe.Cli;

/// <summary>The values of <c>--index</c>: file names that a client could also request by name.</summary>
internal static class IndexName
{
    /// <summary>What a right name is.</summary>
    public static ConstantText Expected => "a file's name without a slash, such as index.html"u8;

    /// <summary>The longest file name of the file systems in use, in bytes (NAME_MAX).</summary>
    private const int LongestName = 255;

    /// <summary>Adds a name at the end of a list.</summary>
    public static bool TryAdd(
        string[] names,
        string name,
        [NotNullWhen(true)] out string[]? all,
        [NotNullWhen(false)] out string? error)
    {
        all = null;
        if (name.AsSpan().IndexOfAny('/', '\0') >= 0 || (OperatingSystem.IsWindows() && name.Contains('\\')))
        {
            error = "is not " + Expected;
            return false;
        }

        if (name[0] == '.')
        {
            error = "begins with a dot, and such files are never served; give a name such as index.html"u8.Text();
            return false;
        }

        if (Encoding.UTF8.GetByteCount(name) > LongestName)
        {
            error = "is longer than the 255 bytes that a file's name can have"u8.Text();
            return false;
        }

        foreach (string other in names)
        {
            if (other == name)
            {
                error = "is given twice; give each name once";
                return false;
            }
        }

        error = null;
        all = [.. names, name];
        return true;
    }
}
