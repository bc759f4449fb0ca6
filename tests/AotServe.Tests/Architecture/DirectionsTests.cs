using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Architecture;

/// <summary>Holds the compiled server against <see cref="Directions"/>, and the rules against samples that break them.</summary>
public sealed class DirectionsTests
{
    private static readonly IReadOnlyCollection<TypeUse> Server = CompiledTypes.UsesIn(typeof(PolledSocket).Assembly);

    [Fact]
    public void Namespaces_use_each_other_only_as_allowed() => Breaches.AssertNone(Directions.Violations(Server));

    [Fact]
    public void No_namespaces_use_each_other_in_a_circle() => Breaches.AssertNone(Directions.Circles(Server));

    [Theory]
    [InlineData("AotServe", "AotServe.Commands", true)]
    [InlineData("AotServe", "AotServe.Net", false)]
    [InlineData("AotServe.Commands", "AotServe.Sites.Rules", true)]
    [InlineData("AotServe.Commands", "AotServe", false)]
    [InlineData("AotServe.Cli", "AotServe.Sites.Rules", true)]
    [InlineData("AotServe.Cli", "AotServe.Sites", true)]
    [InlineData("AotServe.Sites", "AotServe.Sites.Paths", true)]
    [InlineData("AotServe.Sites.Representations.Codings", "AotServe.Sites.Paths", true)]
    [InlineData("AotServe.Sites.Paths", "AotServe.Sites", false)]
    [InlineData("AotServe.Sites.Paths", "AotServe.Net", false)]
    [InlineData("AotServe.Net", "AotServe.Http", true)]
    [InlineData("AotServe.Net.Inner", "AotServe.Http", false)]
    [InlineData("AotServe.Http", "AotServe.Native", false)]
    [InlineData("AotServe.Handover", "AotServe.Cli", false)]
    [InlineData("AotServe.Misc", "AotServe.Http", false)]
    [InlineData("AotServeElse", "AotServe.Http", false)]
    public void What_is_not_named_is_not_allowed(string user, string used, bool isAllowed) =>
        Assert.Equal(isAllowed, Directions.IsAllowed(user, used));

    [Fact]
    public void A_use_against_the_direction_is_found() => Assert.Equal(
        ["AotServe.Http.A uses AotServe.Net.B"],
        Directions.Violations([new("AotServe.Http", "A", "AotServe.Net", "B"), new("AotServe.Net", "B", "AotServe.Http", "C"), new("AotServe.Net", "B", "AotServe.Net", "D")]));

    [Fact]
    public void A_parent_and_its_child_that_use_each_other_are_a_circle() => Assert.Equal(
        ["AotServe.Sites, AotServe.Sites.Paths: AotServe.Sites.A uses AotServe.Sites.Paths.B; AotServe.Sites.Paths.B uses AotServe.Sites.C"],
        Directions.Circles(
        [
            new("AotServe.Sites", "A", "AotServe.Sites.Paths", "B"),
            new("AotServe.Sites.Paths", "B", "AotServe.Sites", "C"),
            new("AotServe.Sites", "A", "AotServe.Http", "D"),
        ]));

    [Fact]
    public void A_circle_through_three_is_found_once() => Assert.Single(Directions.Circles(
        [new("A", "X", "B", "X"), new("B", "X", "C", "X"), new("C", "X", "A", "X"), new("D", "X", "A", "X"), new("C", "X", "E", "X")]));

    [Theory]
    [InlineData("OfBase", "Base")]
    [InlineData("OfInterface", "IUsed")]
    [InlineData("OfField", "Used")]
    [InlineData("OfArgument", "Argument")]
    [InlineData("OfAttribute", "UsedAttribute")]
    [InlineData("OfConstraint", "Base")]
    [InlineData("OfParameter", "Used")]
    [InlineData("OfBody", "Used")]
    [InlineData("OfCast", "Used")]
    [InlineData("OfCatch", "UsedException")]
    [InlineData("OfLambda", "Used")]
    [InlineData("OfIterator", "Used")]
    [InlineData("OfGenericCall", "Used")]
    [InlineData("OfEnum", "Choice")]
    [InlineData("OfPointer", "Structure")]
    public void Every_way_to_use_a_type_is_seen(string user, string used) =>
        Assert.Contains(CompiledTypes.UsesIn(typeof(DirectionsTests).Assembly), use => use == new TypeUse(
            typeof(Samples.OfField).Namespace!, user, typeof(Samples.Uses.Used).Namespace!, used));

    [Fact]
    public void A_namespace_is_named_as_its_folder() => Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.Namespaces));

    [Fact]
    public void The_server_has_the_parts_of_its_design_and_no_others()
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "AotServe")).Select(path => Path.GetFileName(path)!);
        Assert.Equal(Directions.Parts.Order(), folders.Except(["bin", "obj"]).Order());
        // The hooks are left out of the build that these tests read, so what they use is told by their using lines.
        Assert.Empty(SourceTree.Server.Where(file => file.Part == "TestHooks").SelectMany(HouseRules.Usings));
        Assert.NotEmpty(HouseRules.Usings(new SourceFile("src/AotServe/TestHooks/A.cs", "using AotServe.Sites;")));
        Assert.Empty(HouseRules.Usings(new SourceFile("src/AotServe/TestHooks/A.cs", "using AotServe.Http;\nusing System;")));
    }
}
