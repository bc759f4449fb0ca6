using System;
using System.IO;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>
/// The root folder goes away, or another takes its name, while it is served. The server has the folder that was there at
/// its start, and its walls are around that one: another is served after a restart, as the README says under Walls.
/// </summary>
public sealed class RootFolderFaultTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--cache-size", "32")]
    [InlineData("--cache-size", "0")]
    [InlineData("--listing")]
    [InlineData("--spa")]
    public void A_root_that_is_removed_is_not_found_and_costs_nothing(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a folder in use cannot be removed, or is looked up by name.");
        _folder.Write("root/index.html", "home");
        _folder.Write("root/sub/a.txt", "a");
        using var server = ServerProcess.Serve(published.HooksBinary, [_folder["root"], .. arguments]);
        var before = new Footprint(server);
        before.Mark();
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal("home", client.Get("/").Text);
            Assert.Equal("a", client.Get("/sub/a.txt").Text);
            Directory.Delete(_folder["root"], recursive: true);
            Eventually.Holds(() => client.Get("/").Status == 404 && client.Get("/sub/a.txt").Status == 404, "nothing is found any more");
            for (int i = 0; i < 200; i++)
            {
                Assert.Equal(404, client.Get("/").Status);
                Assert.Equal(404, client.Get("/sub/").Status);
                Assert.Equal(404, client.Get("/sub/a.txt").Status);
            }

            _folder.Write("root/index.html", "another");
            Assert.Equal(404, client.Get("/").Status);
        }

        before.AssertRegained();
        server.Signal(Posix.SIGHUP);
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal(404, client.Get("/").Status);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    [Theory]
    [InlineData("--cache-size", "32")]
    [InlineData("--no-sandbox")]
    public void A_root_that_is_renamed_is_served_on_and_the_one_in_its_place_after_a_restart(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a folder in use cannot be renamed, or is looked up by name.");
        _folder.Write("first/index.html", "first");
        _folder.Write("second/index.html", "second");
        using (var server = ServerProcess.Serve(published.Binary, [_folder["first"], .. arguments]))
        {
            using var client = new RawClient(server.Port);
            Assert.Equal("first", client.Get("/").Text);
            Directory.Move(_folder["first"], _folder["old"]);
            Directory.Move(_folder["second"], _folder["first"]);

            _folder.Write("old/new.html", "written after the rename");
            Assert.Equal("written after the rename", client.Get("/new.html").Text);
            File.WriteAllText(_folder["old/index.html"], "first, changed");
            Eventually.Holds(() => client.Get("/").Text == "first, changed", "the folder that was opened is the one that is served");
            server.Signal(Posix.SIGTERM);
            Assert.Equal(0, server.WaitForOutput());
            Assert.Empty(server.Stderr);
        }

        using var next = ServerProcess.Serve(published.Binary, [_folder["first"], .. arguments]);
        using var after = new RawClient(next.Port);
        Assert.Equal("second", after.Get("/").Text);
    }

    [Fact]
    public void A_link_that_was_the_root_can_lead_elsewhere_from_the_next_start_on()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a root is looked up by name.");
        _folder.Write("v1/index.html", "first");
        _folder.Write("v2/index.html", "second");
        File.CreateSymbolicLink(_folder["current"], "v1");
        using (var server = ServerProcess.Serve(published.Binary, _folder["current"]))
        {
            using var client = new RawClient(server.Port);
            Assert.Equal("first", client.Get("/").Text);
            Directory.Delete(_folder["current"]);
            File.CreateSymbolicLink(_folder["current"], "v2");
            File.WriteAllText(_folder["v1/index.html"], "first, changed");
            Eventually.Holds(() => client.Get("/").Text == "first, changed", "the folder that was opened is the one that is served");
        }

        using var next = ServerProcess.Serve(published.Binary, _folder["current"]);
        using var after = new RawClient(next.Port);
        Assert.Equal("second", after.Get("/").Text);
    }
}
