using System;
using System.IO;
using System.Linq;
using AotServe.Fuzzing;
using Xunit;

namespace AotServe.Tests.Fuzzing;

/// <summary>The inputs that the guided fuzzer found worth keeping, once more.</summary>
public sealed class CorpusTests
{
    private static readonly string Corpus = Path.Combine(Repository.Root, "tests", "Fuzzing", "Corpus");

    /// <summary>The names of all targets.</summary>
    public static TheoryData<string> Targets => new(FuzzTarget.All.Select(target => target.Name));

    [Theory]
    [MemberData(nameof(Targets))]
    public void What_must_hold_of_a_target_holds_for_its_corpus(string name)
    {
        FuzzTarget target = FuzzTarget.All.Single(target => target.Name == name);
        string[] files = Directory.GetFiles(Path.Combine(Corpus, name));
        Assert.NotEmpty(files);
        Assert.All(files, file =>
        {
            try
            {
                target.Run(File.ReadAllBytes(file));
            }
            catch (Exception finding)
            {
                Assert.Fail($"{file}: {finding}");
            }
        });
    }

    [Fact]
    public void Each_corpus_has_a_target() => Assert.Equal(
        FuzzTarget.All.Select(target => target.Name).Order(), Directory.GetDirectories(Corpus).Select(Path.GetFileName).Order());
}
