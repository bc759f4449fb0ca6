using System;
using System.Collections.Generic;
using System.Text;

namespace AotServe.Cli;

/// <summary>Names of folders' pages: one name of one file each, which could be asked for by that name too.</summary>
internal static class IndexName
{
    /// <summary>The longest name that the file systems in use have, bytes.</summary>
    private const int LongestName = 255;

    /// <summary>The names with one more at the end, or null and, where there is more to say, a error.</summary>
    public static IReadOnlyList<string>? Add(IReadOnlyList<string> names, string name, ref string? error)
    {
        if (name.AsSpan().IndexOfAny('/', '\0') >= 0 || (OperatingSystem.IsWindows() && name.Contains('\\')))
        {
            return null;
        }

        if (name[0] == '.')
        {
            error = "begins with a dot, and such files are never served; give a name such as index.html";
            return null;
        }

        if (Encoding.UTF8.GetByteCount(name) > LongestName)
        {
            error = "is longer than the 255 bytes that a file's name can have";
            return null;
        }

        foreach (string other in names)
        {
            if (other == name)
            {
                error = "is given twice; give each name once";
                return null;
            }
        }

        return [.. names, name];
    }
}
