using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace AotServe.Tests.Architecture;

/// <summary>The server's source, of the tree that the tests were built from.</summary>
internal static class SourceTree
{
    /// <summary>Every file beneath <c>src</c> but what a build leaves there.</summary>
    public static IReadOnlyList<SourceFile> Server { get; } = [.. Read(Path.Combine(Repository.Root, "src"))];

    private static IEnumerable<SourceFile> Read(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            yield return new SourceFile(Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'), File.ReadAllText(file));
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
}
