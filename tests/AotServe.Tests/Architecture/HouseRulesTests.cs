using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace AotServe.Tests.Architecture;

/// <summary>Holds the source against <see cref="HouseRules"/>, and each rule against samples that break it.</summary>
public sealed class HouseRulesTests
{
    [Fact]
    public void Imports_run_one_way() => Assert.Empty(SourceTree.Server.SelectMany(HouseRules.Directions));

    [Theory]
    [InlineData("Http", "using AotServe.Net;", "Http may not use Net")]
    [InlineData("Http", "using AotServe.Native;", "Http may not use Native")]
    [InlineData("Workers", "using AotServe.Http;", "Workers may not use Http")]
    [InlineData("Workers", "using static AotServe.Native.Libc;", "Workers may not use Native")]
    [InlineData("Sites", "using C = AotServe.Net.Connection;", "Sites may not use Net")]
    [InlineData("Sites", "class A { global::AotServe.Workers.WorkerPool? P; }", "Sites may not use Workers")]
    [InlineData("Sites", "class A { AotServe.Workers.WorkerPool? P; }", "Sites may not use Workers")]
    [InlineData("Sites", "class A { Net.Connection? C; }", "Sites may not use Net")]
    [InlineData("Net", "using AotServe.Sites;", "Net may not use Sites")]
    [InlineData("Net", "using AotServe.Cli;", "Net may not use Cli")]
    [InlineData("Lifetime", "using AotServe.Net;", "Lifetime may not use Net")]
    [InlineData("Cli", "using AotServe.Native;", "Cli may not use Native")]
    [InlineData("Sandbox", "using AotServe.Cli;", "Sandbox may not use Cli")]
    [InlineData("Lifetime", "using AotServe.Sandbox;", "Lifetime may not use Sandbox")]
    [InlineData("Native", "using AotServe.Net;", "Native may not use Net")]
    [InlineData("Net", "namespace AotServe.Http;", "its namespace is AotServe.Http")]
    [InlineData("Misc", "", "Misc is no part of the server")]
    public void An_import_against_the_direction_is_found(string part, string code, string found) =>
        Assert.Contains(HouseRules.Directions(Sample(part, code)), line => line.Contains(found));

    [Theory]
    [InlineData("Net", "using System.Net.Sockets;\nusing AotServe.Http;\nusing AotServe.Workers;\nusing AotServe.Native;\nnamespace AotServe.Net;")]
    [InlineData("Sites", "using AotServe.Http;\nnamespace AotServe.Sites.Listing;\nclass A { System.Net.IPAddress? I; }")]
    [InlineData("Http", "// not AotServe.Net\n/* Net.Connection */ class A { string s = \"AotServe.Net.\"; Uri.Http.X x; }")]
    public void An_import_along_the_direction_is_not(string part, string code) => Assert.Empty(HouseRules.Directions(Sample(part, code)));

    [Fact]
    public void Http_and_Workers_know_nothing_of_sockets()
    {
        Assert.Empty(SourceTree.Server.SelectMany(HouseRules.PureParts));
        Assert.NotEmpty(HouseRules.PureParts(Sample("Http", "using System.Net.Sockets;")));
        Assert.NotEmpty(HouseRules.PureParts(Sample("Workers", "class A { System.Net.Sockets.Socket? S; }")));
        Assert.Empty(HouseRules.PureParts(Sample("Http", "using System.Net; // not System.Net.Sockets")));
        Assert.Empty(HouseRules.PureParts(Sample("Net", "using System.Net.Sockets;")));
    }

    [Fact]
    public void No_deadline_depends_on_the_wall_clock()
    {
        Assert.Empty(SourceTree.Server.SelectMany(HouseRules.WallClocks));
        Assert.NotEmpty(HouseRules.WallClocks(Sample("Net", "class A { long T => System.DateTime.UtcNow.Ticks; }")));
        Assert.NotEmpty(HouseRules.WallClocks(Sample("Sites", "class A { long T => DateTimeOffset.Now.Ticks; }")));
        Assert.Empty(HouseRules.WallClocks(Sample("Net", "class A { long T => System.Environment.TickCount64; } // not DateTime.UtcNow")));
    }

    [Fact]
    public void The_server_refers_to_no_package()
    {
        Assert.Empty(SourceTree.Server.SelectMany(HouseRules.Packages));
        Assert.Contains(SourceTree.Server, file => file.Path == "src/AotServe/AotServe.csproj");
        Assert.NotEmpty(HouseRules.Packages(new SourceFile("src/A.csproj", "<ItemGroup><PackageReference Include=\"X\" /></ItemGroup>")));
        Assert.Empty(HouseRules.Packages(new SourceFile("src/A.csproj", "<!-- no <PackageReference here --><ItemGroup />")));
    }

    [Fact]
    public void Nothing_in_the_server_is_asynchronous_or_uses_the_thread_pool() => Assert.Empty(SourceTree.Server.SelectMany(HouseRules.OwnThreads));

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
        Assert.Empty(SourceTree.Server.SelectMany(HouseRules.Foreign));
        Assert.NotEmpty(HouseRules.Foreign(Sample("Net", "[LibraryImport(\"libc\")] static partial int close(int fd);")));
        Assert.NotEmpty(HouseRules.Foreign(Sample("Net", "[DllImport(\"libc\")] static extern int close(int fd);")));
        Assert.Empty(HouseRules.Foreign(Sample("Native", "[LibraryImport(\"libc\")] static partial int close(int fd);")));
    }

    [Fact]
    public void No_file_is_too_long()
    {
        Assert.Empty(SourceTree.Server.SelectMany(HouseRules.Lengths));
        Assert.NotEmpty(HouseRules.Lengths(Sample("Net", string.Concat(Enumerable.Repeat("//\n", HouseRules.LongestFile + 1)))));
        Assert.Empty(HouseRules.Lengths(Sample("Net", string.Concat(Enumerable.Repeat("//\n", HouseRules.LongestFile)))));
    }

    [Fact]
    public void The_top_of_the_tree_holds_what_it_should_and_nothing_else()
    {
        Assert.Empty(HouseRules.Strangers(Directory.EnumerateFileSystemEntries(Repository.Root).Select(path => Path.GetFileName(path)!)));
        Assert.Equal(["docs", "NOTES.md"], HouseRules.Strangers(["docs", ".ci", "src", "NOTES.md", "README.md"]));
    }

    [Fact]
    public void The_server_has_the_parts_of_its_design_and_no_others()
    {
        IEnumerable<string> folders = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src", "AotServe")).Select(path => Path.GetFileName(path)!);
        Assert.Empty(folders.Except(HouseRules.Parts).Except(["bin", "obj"]));
        Assert.Contains(SourceTree.Server, file => file.Part == "Http" && file.IsCSharp);
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
