using System;
using System.IO;

namespace AotServe.Tests.Shared;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AotServe.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"There is no AotServe.sln above {AppContext.BaseDirectory}.");
    }
}
