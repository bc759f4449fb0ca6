using System;

namespace AotServe.Cli;

/// <summary>The path of the health answer.</summary>
internal static class HealthPath
{
    private const int Longest = 1024;

    /// <summary>
    /// Whether a request could have it as its path: visible ASCII from a slash on, and nothing of a query or a fragment.
    /// It is compared byte by byte, so a percent sign stands for itself.
    /// </summary>
    public static bool IsUsable(ReadOnlySpan<char> path) =>
        path.Length is > 0 and <= Longest && path[0] == '/' && !path.ContainsAnyExceptInRange('!', '~')
        && !path.ContainsAny('?', '#');
}
