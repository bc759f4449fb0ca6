using System.IO;
using System.Linq;
using Xunit;

namespace AotServe.Tests.Architecture;

/// <summary>Holds the source against <see cref="HouseRules"/>, and each rule against samples that break it.</summary>
public sealed class HouseRulesTests
{
    [Fact]
    public void Http_and_Workers_know_nothing_of_sockets()
    {
        Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.PureParts));
        Assert.NotEmpty(HouseRules.PureParts(Sample("Http", "using System.Net.Sockets;")));
        Assert.NotEmpty(HouseRules.PureParts(Sample("Workers", "class A { System.Net.Sockets.Socket? S; }")));
        Assert.Empty(HouseRules.PureParts(Sample("Http", "using System.Net; // not System.Net.Sockets")));
        Assert.Empty(HouseRules.PureParts(Sample("Net", "using System.Net.Sockets;")));
    }

    [Fact]
    public void No_deadline_depends_on_the_wall_clock()
    {
        Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.WallClocks));
        Assert.NotEmpty(HouseRules.WallClocks(Sample("Net", "class A { long T => System.DateTime.UtcNow.Ticks; }")));
        Assert.NotEmpty(HouseRules.WallClocks(Sample("Sites", "class A { long T => DateTimeOffset.Now.Ticks; }")));
        Assert.Empty(HouseRules.WallClocks(Sample("Net", "class A { long T => System.Environment.TickCount64; } // not DateTime.UtcNow")));
    }

    [Fact]
    public void The_server_refers_to_no_package()
    {
        Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.Packages));
        Assert.Contains(SourceTree.Server, file => file.Path == "src/AotServe/AotServe.csproj");
        Assert.NotEmpty(HouseRules.Packages(new SourceFile("src/A.csproj", "<ItemGroup><PackageReference Include=\"X\" /></ItemGroup>")));
        Assert.Empty(HouseRules.Packages(new SourceFile("src/A.csproj", "<!-- no <PackageReference here --><ItemGroup />")));
    }

    [Fact]
    public void Nothing_in_the_server_is_asynchronous_or_uses_the_thread_pool() => Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.OwnThreads));

    [Theory]
    [InlineData("async void F() { }")]
    [InlineData("Task F() => null;")]
    [InlineData("using System.Threading.Tasks;")]
    [InlineData("ThreadPool.QueueUserWorkItem(F);")]
    [InlineData("Parallel.For(0, 1, F);")]
    [InlineData("socket.AcceptAsync(args);")]
    [InlineData("json.ReadAsync<int>(args);")]
    [InlineData("var a = new SocketAsyncEventArgs();")]
    public void What_would_start_the_thread_pool_is_found(string code) => Assert.NotEmpty(HouseRules.OwnThreads(Sample("Net", code)));

    [Theory]
    [InlineData("// Never call AcceptAsync(): async code waits for a Task")]
    [InlineData("string s = \"async Task\"; char c = '\"'; /* await */")]
    [InlineData("class Item : IThreadPoolWorkItem { }")]
    public void What_only_sounds_like_it_is_not(string code) => Assert.Empty(HouseRules.OwnThreads(Sample("Net", code)));

    [Fact]
    public void Only_Native_calls_foreign_code()
    {
        Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.Foreign));
        Assert.NotEmpty(HouseRules.Foreign(Sample("Net", "[LibraryImport(\"libc\")] static partial int close(int fd);")));
        Assert.NotEmpty(HouseRules.Foreign(Sample("Net", "[DllImport(\"libc\")] static extern int close(int fd);")));
        Assert.Empty(HouseRules.Foreign(Sample("Native", "[LibraryImport(\"libc\")] static partial int close(int fd);")));
    }

    [Fact]
    public void No_file_is_too_long()
    {
        Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.Lengths));
        Assert.NotEmpty(HouseRules.Lengths(Sample("Net", string.Concat(Enumerable.Repeat("//\n", HouseRules.LongestFile + 1)))));
        Assert.Empty(HouseRules.Lengths(Sample("Net", string.Concat(Enumerable.Repeat("//\n", HouseRules.LongestFile)))));
    }

    [Fact]
    public void A_type_is_partial_only_for_a_source_generator_and_lies_in_one_file()
    {
        Breaches.AssertNone(HouseRules.Partials(SourceTree.Server));
        SourceFile generated = Sample("Native", "internal static partial class A { [LibraryImport(\"libc\")] static partial int f(); }");
        Assert.Empty(HouseRules.Partials([generated]));
        Assert.Equal(2, HouseRules.Partials([generated, generated with { Path = "src/AotServe/Native/Sample.Rest.cs" }]).Count());
        Assert.Single(HouseRules.Partials([Sample("Net", "internal readonly ref partial struct A { }")]));
        Assert.Empty(HouseRules.Partials([Sample("Net", "internal sealed class A { } // a partial class")]));
    }

    [Fact]
    public void No_two_files_have_the_same_name()
    {
        Breaches.AssertNone(HouseRules.SameNames(SourceTree.Server));
        Assert.Equal(
            ["src/AotServe/Net/Sample.cs, src/AotServe/Sites/Sample.cs"],
            HouseRules.SameNames([Sample("Net", ""), new("src/AotServe/Net/Other.cs", ""), Sample("Sites", "")]));
    }

    [Fact]
    public void Nothing_is_null_until_it_is_set_later()
    {
        Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.SetLater));
        Assert.NotEmpty(HouseRules.SetLater(Sample("Net", "class A { private string _b = null!; }")));
        Assert.NotEmpty(HouseRules.SetLater(Sample("Net", "class A { private string _b = default!; }")));
        Assert.Empty(HouseRules.SetLater(Sample("Net", "class A { bool B(string? c) => c != null; } // null!")));
    }

    [Fact]
    public void No_array_carries_interfaces_for_reading_only()
    {
        Breaches.AssertNone(SourceTree.Server.SelectMany(HouseRules.ReadOnlyInterfaces));
        Assert.Single(HouseRules.ReadOnlyInterfaces(Sample("Net", "internal sealed class A(IReadOnlyList<string> b) { }")));
        Assert.Single(HouseRules.ReadOnlyInterfaces(Sample("Net", "IReadOnlyDictionary<string, string>? A { get; init; }")));
        Assert.Empty(HouseRules.ReadOnlyInterfaces(Sample("Net", "internal sealed class A(List<string> b) { } // no IReadOnlyList")));
    }

    [Fact]
    public void The_top_of_the_tree_holds_what_it_should_and_nothing_else()
    {
        Assert.Empty(HouseRules.Strangers(Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path)!)));
        Assert.Equal(["docs", "NOTES.md"], HouseRules.Strangers(["docs", ".ci", "src", "NOTES.md", "README.md"]));
    }

    [Theory]
    [InlineData("a // b\nc", "a  \nc")]
    [InlineData("a /* b\n */ c", "a  \n c")]
    [InlineData("f(\"x // \\\" y\") + g", "f( ) + g")]
    [InlineData("f(@\"x\\\" + g", "f(  + g")]
    [InlineData("f(@\"x\"\"y\") + g", "f( ) + g")]
    [InlineData("f($\"x {y}\") + g", "f( ) + g")]
    [InlineData("f(\"\"\"\n x \"y\"\n \"\"\") + g", "f( \n\n) + g")]
    [InlineData("f('\"', '\\'', '/') + g", "f( ,  ,  ) + g")]
    [InlineData("f(\"\") + g", "f( ) + g")]
    [InlineData("x / y", "x / y")]
    [InlineData("\"abc", " ")]
    public void Comments_and_literals_are_left_out_of_the_code(string source, string code) => Assert.Equal(code, CodeText.Of(source));

    private static SourceFile Sample(string part, string code) => new($"src/AotServe/{part}/Sample.cs", code);
}
