using System;
using System.IO;

namespace AotServe.Files;

/// <summary>Where symbolic links lead, for comparing paths. The kernel's own rules are better, where there are any: links can change afterwards.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows (path_resolution(7)).</summary>
    private const int MostLinks = 40;

    /// <summary>A full path without links. What is not there, or cannot be read, stays as it is. Never throws.</summary>
    public static string Of(string path)
    {
        int links = 0;
        try
        {
            return Of(path, ref links);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return path;
        }
    }

    private static string Of(string path, ref int links)
    {
        if (Path.GetDirectoryName(path) is not { } above)
        {
            return path;
        }

        string folder = Of(above, ref links);
        string own = Path.Combine(folder, Path.GetFileName(path));
        return new FileInfo(own).LinkTarget is { } target && links++ < MostLinks ? Of(Path.GetFullPath(target, folder), ref links) : own;
    }
}
