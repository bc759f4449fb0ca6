using System;
using System.IO;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests.Faults;

/// <summary>Files that cannot be read, or end before they should: known only when the head of the answer is on its way.</summary>
public sealed class DiskFaultTests(PublishedServer published) : IDisposable
{
    private const int Length = 20_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Pollers]
    public void A_file_that_is_truncated_while_it_is_sent_ends_its_connection_and_costs_nothing(string poller)
    {
        _folder.Write("small.txt", "small");
        using var server = ServerProcess.Serve(published.HooksBinary, _folder, poller);
        var before = new Footprint(server);
        before.Mark();
        for (int i = 0; i < 20; i++)
        {
            _folder.WriteRandom("large.bin", Length);
            using var client = new RawClient(server.Port);
            client.Send("GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal($"{Length}", client.ReadHead()["Content-Length"]);
            using (FileStream file = File.OpenWrite(_folder["large.bin"]))
            {
                file.SetLength(i % 2 == 0 ? 0 : Length / 2);
            }

            Assert.True(client.ReadToEnd().Length < Length);
            AssertServes(server);
        }

        before.AssertRegained();
        AssertStops(server);
    }

    [Theory]
    [Pollers]
    public void A_file_that_is_deleted_or_replaced_while_it_is_sent_arrives_as_it_was(string poller)
    {
        _folder.Write("small.txt", "small");
        using var server = ServerProcess.Serve(published.Binary, _folder, poller);
        foreach (bool replace in (bool[])[true, false])
        {
            byte[] content = _folder.WriteRandom("large.bin", Length);
            using var client = new RawClient(server.Port);
            client.Send("GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n");
            client.ReadHead();
            if (replace)
            {
                _folder.WriteRandom("other", Length - 1);
                File.Move(_folder["other"], _folder["large.bin"], overwrite: true);
            }
            else
            {
                File.Delete(_folder["large.bin"]);
            }

            Assert.True(content.AsSpan().SequenceEqual(client.ReadExactly(Length)));
            AssertServes(server);
        }

        AssertStops(server);
    }

    /// <summary>Linux has files that every system can show and nobody can read: the speed of the loopback device.</summary>
    [Theory]
    [Pollers]
    public void A_file_that_cannot_be_read_at_all_is_answered_500(string poller)
    {
        const string Device = "/sys/class/net/lo/";
        Assert.SkipUnless(IsUnreadable(Device + "speed"), "There is no file that cannot be read.");
        using var server = ServerProcess.Serve(published.HooksBinary, Device, "--poller", poller);
        var before = new Footprint(server);
        before.Mark();
        using (var normal = new RawClient(server.Port))
        {
            for (int i = 0; i < 100; i++)
            {
                using var client = new RawClient(server.Port);
                client.Send("GET /speed HTTP/1.1\r\nHost: h\r\n\r\n");
                Answer answer = client.Read();
                Assert.Equal(500, answer.Status);
                Assert.Equal("close", answer["Connection"]);
                client.AssertClosed();
                Assert.Equal(404, normal.Get("/nothing").Status);
            }
        }

        before.AssertRegained();
        AssertStops(server);
    }

    /// <summary>A tracer answers in place of the kernel, from the third call on: the disk fails in the middle of a file.</summary>
    [Theory]
    [Pollers]
    public void A_disk_that_fails_while_a_file_is_sent_ends_its_connection(string poller)
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "strace")));
        Assert.SkipUnless(OperatingSystem.IsLinux() && found, "There is no strace(1) to have a disk fail.");
        _folder.Write("small.txt", "small");
        _folder.WriteRandom("large.bin", Length);
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = published.Binary,
            Arguments = [_folder.Root, "--port", "0", "--bind", "127.0.0.1", "--poller", poller, "--threads", "1"],
            Shell = "exec strace -f -o /dev/null -e trace=sendfile -e inject=sendfile:error=EIO:when=3+ \"$0\" \"$@\"",
        });
        int atRest = Proc.DescriptorsAtRest(server.Pid);
        for (int i = 0; i < 5; i++)
        {
            using var client = new RawClient(server.Port);
            client.Send("GET /large.bin HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.Equal($"{Length}", client.ReadHead()["Content-Length"]);
            Assert.True(client.ReadToEnd().Length < Length);
            AssertServes(server);
        }

        Eventually.Holds(() => Proc.DescriptorCount(server.Pid) == atRest, "files and connections are closed");
        AssertStops(server);
    }

    private static bool IsUnreadable(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllBytes(path).Length < 0;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void AssertServes(ServerProcess server)
    {
        using var client = new RawClient(server.Port);
        Assert.Equal("small", client.Get("/small.txt", "Connection: close").Text);
        client.AssertClosed();
    }

    private static void AssertStops(ServerProcess server)
    {
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }
}
