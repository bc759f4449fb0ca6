using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace AotServe.Tests.Architecture;

/// <summary>The rules that the server's source keeps: each is a function from a file to the lines that say what breaks it.</summary>
internal static class HouseRules
{
    public const int LongestFile = 330;

    /// <summary>The one file that may be longer: all phases of a connection stand in it, with their transitions in one place.</summary>
    private const string AllPhases = "src/AotServe/Net/Connection.cs";

    private const int LongestOfAllPhases = 400;

    private static readonly Regex Using = new(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(AotServe[\w.]*)\s*;", RegexOptions.Multiline);
    private static readonly Regex Namespace = new(@"^\s*namespace\s+([\w.]+)", RegexOptions.Multiline);
    private static readonly Regex Asynchronous = new(
        @"\b(async|await|Task|ValueTask|PeriodicTimer|SocketAsyncEventArgs)\b|\bThreading\.Tasks\b|" +
        @"\b(ThreadPool|Parallel)\s*\.|\.\s*\w+Async\s*(<[^>;()]*>)?\s*\(");

    private static readonly Regex Sockets = new(@"\bSystem\s*\.\s*Net\s*\.\s*Sockets\b|\bNet\s*\.\s*Sockets\b");
    private static readonly Regex PInvoke = new(@"\b(LibraryImport|DllImport)\b|\bextern\b");
    private static readonly Regex Package = new(
        @"<\s*(PackageReference|PackageVersion|GlobalPackageReference|Reference|FrameworkReference|PackageDownload)\b");
    private static readonly Regex WallClock = new(@"\bDateTime(Offset)?\s*\.\s*(Utc)?(Now|Today)\b|\bTimeProvider\b");
    private static readonly Regex Partial = new(@"\bpartial\s+(?:ref\s+)?(?:class|struct|interface|record(?:\s+(?:class|struct))?)\s+(\w+)");
    private static readonly Regex Generated = new(@"\[\s*(LibraryImport|GeneratedRegex)\b");
    private static readonly Regex NullForgiven = new(@"\b(null|default)\s*!");
    private static readonly Regex ReadOnlyInterface = new(@"\bIReadOnly(List|Collection|Dictionary|Set)\b");
    private static readonly Regex XmlComment = new("<!--.*?-->", RegexOptions.Singleline);

    public static IEnumerable<string> Namespaces(SourceFile file)
    {
        if (!file.IsCSharp)
        {
            return [];
        }

        string home = Path.GetDirectoryName(file.Path)!["src/".Length..].Replace('/', '.').Replace('\\', '.');
        return Namespace.Matches(CodeText.Of(file.Text))
            .Select(match => match.Groups[1].Value)
            .Where(name => name != home)
            .Select(name => $"{file.Path}: its namespace is {name}, its folder {home}");
    }

    /// <summary>Using lines against the direction, for files that are not compiled into what the tests read.</summary>
    public static IEnumerable<string> Usings(SourceFile file) => !file.IsCSharp ? [] : Using.Matches(CodeText.Of(file.Text))
        .Select(match => match.Groups[1].Value)
        .Where(name => !Directions.IsAllowed($"{Directions.Root}.{file.Part}", name))
        .Select(name => $"{file.Path}: {file.Part} may not use {name}");

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
        || file.Path is "src/AotServe/Net/Server.cs" or "src/AotServe/Files/FileEntry.cs" or "src/AotServe/Lifetime/ErrorPrefix.cs"
        ? []
        : WallClock.Matches(CodeText.Of(file.Text)).Select(match => $"{file.Path}: {match.Value}: the wall clock may be set at any time");

    public static IEnumerable<string> Foreign(SourceFile file) =>
        file.IsCSharp && file.Part != "Native" && PInvoke.IsMatch(CodeText.Of(file.Text))
            ? [$"{file.Path}: P/Invoke belongs in Native"]
            : [];

    /// <summary>Types in several files: a partial type is there for a source generator, and all of it is in one file.</summary>
    public static IEnumerable<string> Partials(IEnumerable<SourceFile> files) => files
        .Where(file => file.IsCSharp)
        .Select(file => (file.Path, Code: CodeText.Of(file.Text)))
        .SelectMany(file => Partial.Matches(file.Code).Select(match => (file.Path, file.Code, Type: match.Groups[1].Value)))
        .GroupBy(file => (Path.GetDirectoryName(file.Path), file.Type))
        .SelectMany(type => type.Where(file => type.Count() > 1 || !Generated.IsMatch(file.Code)))
        .Select(file => $"{file.Path}: {file.Type} is partial")
        .Order(StringComparer.Ordinal);

    /// <summary>Files that a reader would mix up: of the same name, in whatever folders.</summary>
    public static IEnumerable<string> SameNames(IEnumerable<SourceFile> files) => files
        .GroupBy(file => Path.GetFileName(file.Path), StringComparer.OrdinalIgnoreCase)
        .Where(group => group.Count() > 1)
        .Select(group => string.Join(", ", group.Select(file => file.Path)));

    /// <summary>Lists that a tool writes (tests/benchmarks/order.sh): nobody reads them from one end to the other.</summary>
    private static readonly string[] WrittenLists = ["src/AotServe/start.order", "src/AotServe/Native/start.ld"];

    /// <summary>Members that are null until someone remembers to set them.</summary>
    public static IEnumerable<string> SetLater(SourceFile file) =>
        file.IsCSharp && NullForgiven.IsMatch(CodeText.Of(file.Text)) ? [$"{file.Path}: = null!"] : [];

    /// <summary>
    /// Uses of interfaces that the runtime itself does not call. Where nobody calls one, no array and no list in the executable carries it: 33 KB,
    /// which each start would write.
    /// </summary>
    public static IEnumerable<string> ReadOnlyInterfaces(SourceFile file) => !file.IsCSharp ? [] : ReadOnlyInterface.Matches(CodeText.Of(file.Text))
        .Select(match => $"{file.Path}: {match.Value}; take an array, a List<T> or a span");

    public static IEnumerable<string> Lengths(SourceFile file)
    {
        int lines = file.Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
        return !WrittenLists.Contains(file.Path) && lines > (file.Path == AllPhases ? LongestOfAllPhases : LongestFile) ? [$"{file.Path}: {lines} lines; split it"] : [];
    }

    /// <summary>What may not lie at the top of the tree. What a publish or a test run leaves there is git-ignored and may.</summary>
    public static IEnumerable<string> Strangers(IEnumerable<string> names) => names.Where(name =>
        !name.StartsWith('.') && !(name.StartsWith("aotserve-", StringComparison.Ordinal) && name.EndsWith(".tar.gz", StringComparison.Ordinal)) && name is not ("AotServe.sln" or "README.md" or "publish.sh" or "publish.ps1"
            or "src" or "tests" or "aotserve" or "aotserve.exe" or "TestResults"));
}
