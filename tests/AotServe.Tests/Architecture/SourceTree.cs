using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotServe.Tests.Architecture;

/// <summary>The tree that the running tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>The folder that holds <c>AotServe.sln</c>.</summary>
    public static string Top { get; } = FindTop();

    /// <summary>Every file beneath <c>src</c> but what a build leaves there.</summary>
    public static IReadOnlyList<SourceFile> Server { get; } = [.. Read(Path.Combine(Top, "src"))];

    private static IEnumerable<SourceFile> Read(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            yield return new SourceFile(Path.GetRelativePath(Top, file).Replace('\\', '/'), File.ReadAllText(file));
        }

        foreach (string inner in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (Path.GetFileName(inner) is not ("bin" or "obj"))
            {
                foreach (SourceFile file in Read(inner))
                {
                    yield return file;
                }
            }
        }
    }

    private static string FindTop()
    {
        for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "AotServe.sln")))
            {
                return folder;
            }
        }

        throw new DirectoryNotFoundException("No AotServe.sln above " + AppContext.BaseDirectory);
    }
}
