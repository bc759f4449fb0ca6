using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace AotServe.Tests.Architecture;

/// <summary>The rules that the server's source keeps, each a function from a file to what breaks it there.</summary>
internal static class HouseRules
{
    public const int LongestFile = 400;

    private const string Root = "AotServe";

    /// <summary>
    /// Which parts each part may use. "Program → Cli, Lifetime, Net, Sites → Http → nothing; Net → Workers; Workers →
    /// nothing", and the parts that talk to the system may use Native. Walls are what the process gives up: nobody but
    /// Program needs them, and they know nothing of what is served.
    /// </summary>
    private static readonly Dictionary<string, string[]> Imports = new()
    {
        [""] = ["Cli", "Commands", "Handover", "Lifetime", "Net", "Sites", "Files", "Http", "Sandbox", "Workers", "Native", "TestHooks"],
        ["TestHooks"] = ["Lifetime", "Http", "Native"],
        ["Commands"] = ["TestHooks", "Cli", "Handover", "Lifetime", "Net", "Sites", "Files", "Http", "Sandbox", "Workers", "Native"],
        ["Cli"] = ["Http", "Files", "Sites", "Net"],
        ["Handover"] = ["Cli", "Lifetime", "Net", "Native"],
        ["Lifetime"] = ["Http", "Native"],
        ["Net"] = ["Http", "Workers", "Native"],
        ["Sites"] = ["Files", "Http"],
        ["Files"] = ["Native"],
        ["Http"] = [],
        ["Sandbox"] = ["Native"],
        ["Workers"] = [],
        ["Native"] = [],
    };

    /// <summary>A part's name that is not a member of something else: <c>Net.Listener</c>, not <c>System.Net.Sockets</c>.</summary>
    private static readonly Regex Relative = new(
        $@"(?<![\w.])({string.Join('|', Imports.Keys.Where(part => part.Length > 0))})\s*\.\s*[A-Z]");

    private static readonly Regex Absolute = new($@"(?<![\w.]){Root}\s*\.\s*(\w+)");
    private static readonly Regex Namespace = new(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline);
    private static readonly Regex Asynchronous = new(
        @"\b(async|await|Task|ValueTask|PeriodicTimer|SocketAsyncEventArgs)\b|\bThreading\.Tasks\b|" +
        @"\b(ThreadPool|Parallel)\s*\.|\.\s*\w+Async\s*(<[^>;()]*>)?\s*\(");

    private static readonly Regex Sockets = new(@"\bSystem\s*\.\s*Net\s*\.\s*Sockets\b|\bNet\s*\.\s*Sockets\b");
    private static readonly Regex PInvoke = new(@"\b(LibraryImport|DllImport)\b|\bextern\b");
    private static readonly Regex Package = new(
        @"<\s*(PackageReference|PackageVersion|GlobalPackageReference|Reference|FrameworkReference|PackageDownload)\b");
    private static readonly Regex WallClock = new(@"\bDateTime(Offset)?\s*\.\s*(Utc)?(Now|Today)\b|\bTimeProvider\b");
    private static readonly Regex XmlComment = new("<!--.*?-->", RegexOptions.Singleline);

    public static IReadOnlyCollection<string> Parts => Imports.Keys;

    public static IEnumerable<string> Directions(SourceFile file)
    {
        if (!file.IsCSharp)
        {
            yield break;
        }

        string code = CodeText.Of(file.Text);
        if (!Imports.TryGetValue(file.Part, out string[]? allowed))
        {
            yield return $"{file.Path}: {file.Part} is no part of the server";
            yield break;
        }

        string home = file.Part.Length == 0 ? Root : $"{Root}.{file.Part}";
        foreach (Match match in Namespace.Matches(code))
        {
            if (match.Groups[1].Value != home && !match.Groups[1].Value.StartsWith(home + ".", StringComparison.Ordinal))
            {
                yield return $"{file.Path}: its namespace is {match.Groups[1].Value}, its folder {home}";
            }
        }

        foreach (Match match in Absolute.Matches(code).Concat(Relative.Matches(code)))
        {
            string part = match.Groups[1].Value;
            if (Imports.ContainsKey(part) && part != file.Part && !allowed.Contains(part))
            {
                yield return $"{file.Path}: {(file.Part.Length == 0 ? "Program" : file.Part)} may not use {part}";
            }
        }
    }

    public static IEnumerable<string> PureParts(SourceFile file) =>
        file.IsCSharp && file.Part is "Http" or "Workers" && Sockets.IsMatch(CodeText.Of(file.Text))
            ? [$"{file.Path}: {file.Part} knows nothing of sockets"]
            : [];

    public static IEnumerable<string> Packages(SourceFile file) =>
        !file.IsCSharp && Package.IsMatch(XmlComment.Replace(file.Text, "")) ? [$"{file.Path}: refers to a package"] : [];

    public static IEnumerable<string> OwnThreads(SourceFile file) => !file.IsCSharp
        ? []
        : Asynchronous.Matches(CodeText.Of(file.Text))
            .Select(match => $"{file.Path}: {match.Value.Trim()}: the server has its own threads and no others");

    /// <summary>
    /// Whatever waits or remembers does it by the monotonic clock, for the wall clock is set back and forth. Two may know
    /// what time it is: who says it to clients, and who compares it with the times of files.
    /// </summary>
    public static IEnumerable<string> WallClocks(SourceFile file) => !file.IsCSharp
        || file.Path is "src/AotServe/Net/Server.cs" or "src/AotServe/Files/CachingRootFolder.cs"
        ? []
        : WallClock.Matches(CodeText.Of(file.Text)).Select(match => $"{file.Path}: {match.Value}: the wall clock may be set at any time");

    public static IEnumerable<string> Foreign(SourceFile file) =>
        file.IsCSharp && file.Part != "Native" && PInvoke.IsMatch(CodeText.Of(file.Text))
            ? [$"{file.Path}: P/Invoke belongs in Native"]
            : [];

    public static IEnumerable<string> Lengths(SourceFile file)
    {
        int lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        return lines > LongestFile ? [$"{file.Path}: {lines} lines; split it"] : [];
    }

    /// <summary>What may not lie at the top of the tree. What a publish or a test run leaves there is git-ignored and may.</summary>
    public static IEnumerable<string> Strangers(IEnumerable<string> names) => names.Where(name =>
        !name.StartsWith('.') && name is not ("AotServe.sln" or "README.md" or "publish.sh" or "publish.ps1"
            or "src" or "tests" or "aotserve" or "aotserve.exe" or "TestResults"));
}
