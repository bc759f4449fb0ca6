using System;

namespace AotServe.Tests.Architecture;

/// <summary>One file of the server's source.</summary>
/// <param name="Path">From the top of the tree, with slashes: <c>src/AotServe/Net/Listener.cs</c>.</param>
/// <param name="Text">All of it.</param>
internal sealed record SourceFile(string Path, string Text)
{
    private const string Project = "src/AotServe/";

    public bool IsCSharp => Path.EndsWith(".cs", StringComparison.Ordinal);

    /// <summary>The part of the server that it belongs to: <c>Net</c>; empty for what lies beside Program.cs.</summary>
    public string Part
    {
        get
        {
            string inner = Path.StartsWith(Project, StringComparison.Ordinal) ? Path[Project.Length..] : "";
            int slash = inner.IndexOf('/');
            return slash < 0 ? "" : inner[..slash];
        }
    }
}
