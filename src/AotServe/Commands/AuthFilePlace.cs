using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;

namespace AotServe.Commands;

/// <summary>Where the file with the passwords may lie.</summary>
internal static class AuthFilePlace
{
    /// <summary>
    /// On Linux anywhere: it is withheld by its identity. Elsewhere .NET tells no identity of a file, and a file system may know
    /// one name in several forms, so it may not lie beneath a folder that is served.
    /// </summary>
    public static bool TryCheck(string authFile, string folder, [NotNullWhen(false)] out string? error)
    {
        error = !OperatingSystem.IsLinux() && IsBeneath(folder, authFile)
            ? $"{authFile}: lies beneath {folder}" + ", and this system cannot keep it from being served; move it out of there"u8.Text()
            : null;
        return error is null;
    }

    /// <summary>Whether a file lies beneath a folder, wherever links lead.</summary>
    internal static bool IsBeneath(string folder, string path)
    {
        string relative = Path.GetRelativePath(
            Directory.ResolveLinkTarget(folder, returnFinalTarget: true)?.FullName ?? folder,
            File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);
        return !Path.IsPathRooted(relative) && relative != ".."
            && !relative.StartsWith(".." + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }
}
