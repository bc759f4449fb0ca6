using System;

namespace AotServe.Cli;

/// <summary>The value of <c>--health</c>: the path of the health check.</summary>
internal static class HealthPath
{
    private const int Longest = 1024;

    /// <summary>
    /// Whether a request could have this path: a slash, then visible ASCII without a query or a fragment. Paths are compared
    /// byte by byte, so a percent sign stands for itself.
    /// </summary>
    public static bool IsUsable(ReadOnlySpan<char> path) =>
        path.Length is > 0 and <= Longest && path[0] == '/' && !path.ContainsAnyExceptInRange('!', '~')
        && !path.ContainsAny('?', '#');
}
