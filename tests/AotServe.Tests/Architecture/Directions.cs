using System;
using System.Collections.Generic;
using System.Linq;

namespace AotServe.Tests.Architecture;

/// <summary>Which namespace of the server may use which. What is not named here is not allowed.</summary>
internal static class Directions
{
    public const string Root = "AotServe";

    /// <summary>
    /// The allowed uses, without the <c>AotServe.</c> in front; the empty name is that of Program. A name that ends in
    /// <c>.*</c> stands for the namespaces beneath it, not for itself.
    /// </summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        [""] = ["Commands", "Cli", "Handover", "Lifetime", "Native", "Literals"],
        ["Commands"] =
        [
            "TestHooks", "Printing", "Cli", "Handover", "Lifetime", "Sandbox", "Observation", "Net", "Sites", "Sites.*", "Files", "Http", "Workers", "Buffers",
            "Tls", "Native", "Literals",
        ],
        ["TestHooks"] = ["Lifetime", "Http", "Workers", "Native", "Literals"],
        ["Printing"] = ["Cli", "Net", "Observation", "Http", "Tls", "Literals"],
        ["Cli"] = ["Net", "Observation", "Sites", "Sites.*", "Files", "Http", "Tls", "Literals"],
        ["Handover"] = ["Lifetime", "Net", "Native", "Literals"],
        ["Lifetime"] = ["Native", "Literals"],
        ["Sandbox"] = ["Native", "Literals"],
        ["Net"] = ["Http", "Workers", "Buffers", "Tls", "Native", "Literals"],
        ["Tls"] = ["Buffers", "Native", "Literals"],
        ["Observation"] = ["Files", "Http", "Native", "Literals"],
        ["Sites"] = ["Sites.*", "Files", "Http", "Workers", "Buffers", "Literals"],
        ["Sites.*"] = ["Sites.*", "Files", "Http", "Workers", "Buffers", "Literals"],
        ["Files"] = ["Buffers", "Native", "Literals"],
        ["Http"] = ["Buffers", "Literals"],
        ["Workers"] = ["Buffers"],
        ["Buffers"] = [],
        ["Native"] = ["Literals"],
        ["Literals"] = [],
    };

    /// <summary>The folders of the server's project that hold source.</summary>
    public static IEnumerable<string> Parts => Allowed.Keys.Where(name => name.Length > 0 && !name.EndsWith(".*", StringComparison.Ordinal));

    /// <summary>The uses that are not allowed, a line for each.</summary>
    public static IEnumerable<string> Violations(IEnumerable<TypeUse> uses) => uses
        .Where(use => use.UserNamespace != use.UsedNamespace && !IsAllowed(use.UserNamespace, use.UsedNamespace))
        .Select(use => use.ToString())
        .Order(StringComparer.Ordinal);

    /// <summary>Whether the types of one namespace may use those of another.</summary>
    public static bool IsAllowed(string userNamespace, string usedNamespace) =>
        Inner(userNamespace) is { } user && Inner(usedNamespace) is { } used
        && Rule(user) is { } allowed && allowed.Any(pattern => Covers(pattern, used));

    /// <summary>
    /// The circles among namespaces: each line names the namespaces that use one another, directly or through others, and
    /// the uses that close the circle.
    /// </summary>
    public static IEnumerable<string> Circles(IReadOnlyCollection<TypeUse> uses)
    {
        ILookup<string, string> direct = uses.Where(use => use.UserNamespace != use.UsedNamespace)
            .Select(use => (use.UserNamespace, use.UsedNamespace)).Distinct()
            .ToLookup(pair => pair.UserNamespace, pair => pair.UsedNamespace);
        var reached = direct.ToDictionary(group => group.Key, group => Reach(group.Key, direct));
        HashSet<string> told = [];
        foreach (string name in reached.Keys.Order(StringComparer.Ordinal).Where(name => reached[name].Contains(name)))
        {
            string[] circle = [.. reached[name].Where(other => reached.TryGetValue(other, out HashSet<string>? back) && back.Contains(name)).Order(StringComparer.Ordinal)];
            if (told.Add(circle[0]))
            {
                yield return $"{string.Join(", ", circle)}: " + string.Join("; ", uses
                    .Where(use => use.UserNamespace != use.UsedNamespace && circle.Contains(use.UserNamespace) && circle.Contains(use.UsedNamespace)));
            }
        }
    }

    private static HashSet<string> Reach(string start, ILookup<string, string> direct)
    {
        HashSet<string> reached = [];
        var open = new Stack<string>([start]);
        while (open.TryPop(out string? name))
        {
            foreach (string next in direct[name].Where(reached.Add))
            {
                open.Push(next);
            }
        }

        return reached;
    }

    /// <summary>A namespace without the root's name; null for one that does not belong to the server.</summary>
    private static string? Inner(string name) =>
        name == Root ? "" : name.StartsWith(Root + ".", StringComparison.Ordinal) ? name[(Root.Length + 1)..] : null;

    private static string[]? Rule(string name) => Allowed.GetValueOrDefault(name)
        ?? Allowed.FirstOrDefault(rule => Covers(rule.Key, name)).Value;

    private static bool Covers(string pattern, string name) =>
        pattern.EndsWith(".*", StringComparison.Ordinal) ? name.StartsWith(pattern[..^1], StringComparison.Ordinal) : name == pattern;
}
