using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Xunit;

namespace AotServe.Tests.Architecture;

/// <summary>What tests/README.md says of the tests.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void The_tests_that_hold_a_promise_exist()
    {
        string folder = Path.Combine(Repository.Root, "tests");
        string text = File.ReadAllText(Path.Combine(folder, "README.md"));
        HashSet<string?> files = [.. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)];
        string[] named = [.. Regex.Matches(text, @"\b\w+(Tests|Properties)\b").Select(match => match.Value).Where(name => name is not "EndToEndTests").Distinct()];
        Assert.NotEmpty(named);
        Breaches.AssertNone(named.Where(name => name != "Tests" && !files.Contains(name)).Select(name => $"tests/README.md: there is no {name}"));
    }
}
