using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// The classes of <c>src/AotServe/Workers</c>, compiled from their own text so that a <see cref="Schedule"/> controls them: their Monitor,
/// Interlocked, Volatile and Thread are those of the tests. Nothing else in them is changed, but for a <see cref="Mutation"/>.
/// </summary>
internal static partial class ExploredAssembly
{
    private const string Prelude = """
        global using Interlocked = AotServe.Tests.Workers.Interleavings.ControlledInterlocked;
        global using Monitor = AotServe.Tests.Workers.Interleavings.ControlledMonitor;
        global using Thread = AotServe.Tests.Workers.Interleavings.ControlledThread;
        global using Volatile = AotServe.Tests.Workers.Interleavings.ControlledVolatile;
        """;

    /// <summary>What the queue does not use.</summary>
    private static readonly string[] Others = ["BackgroundThreads.cs", "BackgroundThreadOptions.cs", "QueueProbe.cs"];

    /// <summary>
    /// Plain writes, under a lock, of what is read without it: they are made visible to the schedule. And numbers that are too large for
    /// four events to reach what comes after them.
    /// </summary>
    private static readonly (string File, string Text, string Replacement)[] Adjustments =
    [
        ("WorkQueue.cs", "goesOn = _isWatched = Workers.IsAnyRunning();", "Volatile.Write(ref _isWatched, goesOn = Workers.IsAnyRunning());"),
        ("WorkQueue.cs", "            _isWatched = true;\n            Workers", "            Volatile.Write(ref _isWatched, true);\n            Workers"),
        ("KnownWorkers.cs", "MostIdleLooks = 20;", "MostIdleLooks = 1;"),
        ("WorkerState.cs", "Capacity = 64;", "Capacity = 8;"),
        ("WorkScheduler.cs", "OwnBatchSize = 16;", "OwnBatchSize = 4;"),
        ("WorkScheduler.cs", "ItemsBetweenLooks = 64;", "ItemsBetweenLooks = 2;"),
    ];

    private static readonly Lazy<Func<object?[], IExploredPool>> Unchanged = new(() => Compile(null));

    /// <summary>What makes a pool of the classes as they are: see the constructor of <see cref="ExploredPool"/>.</summary>
    public static Func<object?[], IExploredPool> AsTheyAre => Unchanged.Value;

    /// <summary>What makes a pool of the classes with a mutation.</summary>
    public static Func<object?[], IExploredPool> Compile(Mutation? mutation)
    {
        var parse = new CSharpParseOptions(LanguageVersion.CSharp13);
        string folder = Path.Combine(Repository.Root, "src/AotServe/Workers");
        var texts = Directory.GetFiles(folder, "*.cs").Where(file => !Others.Contains(Path.GetFileName(file))).Order(StringComparer.Ordinal)
            .Select(file => Controlled(Path.GetFileName(file), File.ReadAllText(file).ReplaceLineEndings("\n"), mutation)).ToList();
        texts.Add(Prelude);
        texts.Add(File.ReadAllText(Path.Combine(Repository.Root, "src/AotServe/Buffers/IReaders.cs")));
        texts.Add(File.ReadAllText(Path.Combine(Repository.Root, "tests/AotServe.Tests/Workers/Interleavings/ExploredPool.cs")));
        var compilation = CSharpCompilation.Create(
            "Explored",
            texts.Select(text => CSharpSyntaxTree.ParseText(text, parse)),
            References(),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        Microsoft.CodeAnalysis.Emit.EmitResult result = compilation.Emit(image);
        if (!result.Success)
        {
            throw new InvalidOperationException(string.Join('\n', result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        }

        image.Position = 0;
        Type pool = new AssemblyLoadContext("Explored").LoadFromStream(image).GetType(typeof(ExploredPool).FullName!)!;
        ConstructorInfo constructor = pool.GetConstructors()[0];
        var invoker = ConstructorInvoker.Create(constructor);
        return arguments => (IExploredPool)invoker.Invoke(arguments.AsSpan());
    }

    private static string Controlled(string file, string text, Mutation? mutation)
    {
        if (mutation?.File == file)
        {
            text = ReplaceOnce(text, mutation.Text, mutation.Replacement);
        }

        foreach ((string of, string old, string replacement) in Adjustments)
        {
            text = of == file ? ReplaceOnce(text, old, replacement) : text;
        }

        text = Access().Replace(text, access =>
            $"{access.Groups[1].Value}(this, \"{access.Groups[2].Value.ToLowerInvariant()}\", ref {access.Groups[2].Value}");
        return Lock().Replace(text, "using (Monitor.Hold($1))");
    }

    private static string ReplaceOnce(string text, string old, string replacement)
    {
        string[] parts = text.Split(old);
        return parts.Length == 2
            ? parts[0] + replacement + parts[1]
            : throw new InvalidOperationException($"This stands {parts.Length - 1} times in the source, not once: {old}");
    }

    private static IEnumerable<MetadataReference> References() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name == "AotServe.Tests.dll"))
        .Select(path => MetadataReference.CreateFromFile(path));

    [GeneratedRegex(@"\b((?:Volatile|Interlocked)\.\w+)\(ref ([\w.]+)")]
    private static partial Regex Access();

    [GeneratedRegex(@"\block \(([\w.]+)\)")]
    private static partial Regex Lock();
}
