using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Files that change while they are served from memory.</summary>
public sealed class CacheTests(PublishedServer published)
{
    [Fact]
    public void A_file_that_is_changed_replaced_or_deleted_is_noticed()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a.txt", "first");
        using var server = ServerProcess.Serve(published.Binary, folder.Root);
        using var client = new RawClient(server.Port);
        Assert.Equal("first", client.Get("/a.txt").Text);
        Assert.Equal(404, client.Get("/b.txt").Status);

        folder.Write("a.txt", "second");
        Eventually.Holds(() => client.Get("/a.txt").Text == "second", "the file's new content is sent");
        folder.Write("new", "third");
        File.Move(folder["new"], folder["a.txt"], overwrite: true);
        Eventually.Holds(() => client.Get("/a.txt").Text == "third", "the file that took its place is sent");
        File.Delete(folder["a.txt"]);
        Eventually.Holds(() => client.Get("/a.txt").Status == 404, "the file is gone");
        folder.Write("b.txt", "there");
        Eventually.Holds(() => client.Get("/b.txt").Status == 200, "a file that was not there is found");
    }

    // The kernel tells of the change before the client can ask. But the worker that hears of it may be put aside just then, so not all count.
    [Theory]
    [InlineData("saved")]
    [InlineData("replaced")]
    [InlineData("created")]
    [InlineData("deleted")]
    public void A_change_is_seen_by_the_next_request(string how)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere it is seen within a second.");
        const int Times = 40;
        using var folder = new TemporaryFolder();
        using var server = ServerProcess.Serve(published.Binary, folder.Root);
        using var client = new RawClient(server.Port);
        int seen = 0;
        for (int i = 0; i < Times; i++)
        {
            string name = how == "created" ? $"new{i}.txt" : "a.txt";
            if (how != "created")
            {
                File.SetLastWriteTimeUtc(folder.Write(name, $"before {i}"), DateTime.UtcNow.AddMinutes(-1 - i));
            }

            string Current() => client.Get("/" + name).Text;
            Eventually.Holds(() => how == "created" ? Current() != "" : Current() == $"before {i}", "the state before is sent");
            Current();
            Current();
            switch (how)
            {
                case "replaced":
                    folder.Write("temporary", $"after {i}");
                    File.Move(folder["temporary"], folder[name], overwrite: true);
                    break;
                case "deleted":
                    File.Delete(folder[name]);
                    break;
                default:
                    folder.Write(name, $"after {i}");
                    break;
            }

            seen += how == "deleted" ? (client.Get("/" + name).Status == 404 ? 1 : 0) : Current() == $"after {i}" ? 1 : 0;
        }

        Assert.InRange(seen, Times * 3 / 4, Times);
    }

    [Theory]
    [InlineData("beneath")]
    [InlineData("never")]
    public void A_folder_that_was_moved_out_is_not_served_through_the_link_that_was_left(string links)
    {
        using var folder = new TemporaryFolder();
        foreach ((string name, int length) in ((string, int)[])[("small", 1_000), ("large", 200_000)])
        {
            File.SetLastWriteTimeUtc(folder.Write($"sub/{name}", new string('x', length)), DateTime.UtcNow.AddMinutes(-1));
        }

        using var server = ServerProcess.Serve(published.Binary, folder.Root, "--follow-symlinks", links);
        using var client = new RawClient(server.Port);
        string[] paths = ["/sub/small", "/sub/large"];
        Assert.All([.. paths, .. paths], path => Assert.Equal(200, client.Get(path).Status));

        Directory.Move(folder["sub"], folder["../sub"]);
        folder.Link("sub", folder["../sub"]);
        Assert.All(paths, path => Eventually.Holds(() => client.Get(path).Status == 404, $"{path} is outside now"));
        Assert.All(paths, path => Assert.Equal(404, client.Get(path).Status));
    }

    [Fact]
    public void A_large_file_that_is_changed_replaced_or_deleted_is_noticed_and_not_kept_open()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Files are kept open on Linux only.");
        using var folder = new TemporaryFolder();
        string large = new('x', 200_000);
        folder.Write("a.bin", large);
        using var server = ServerProcess.Serve(published.Binary, folder.Root);
        using var client = new RawClient(server.Port);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(large, client.Get("/a.bin").Text);
        }

        Assert.Single(Proc.Descriptors(server.Pid), target => target == folder["a.bin"]);

        File.AppendAllText(folder["a.bin"], "more");
        Eventually.Holds(() => client.Get("/a.bin").Text == large + "more", "the longer file is sent");
        folder.Write("new", large + "other");
        File.Move(folder["new"], folder["a.bin"], overwrite: true);
        Eventually.Holds(() => client.Get("/a.bin").Text == large + "other", "the file that took its place is sent");
        File.Delete(folder["a.bin"]);
        Eventually.Holds(() => client.Get("/a.bin").Status == 404, "the file is gone");
        Eventually.Holds(
            () => !Proc.Descriptors(server.Pid).Any(target => target.Contains("a.bin", StringComparison.Ordinal)),
            "the room of what was deleted is free");
    }

    [Theory]
    [InlineData("32")]
    [InlineData("0")]
    public void While_files_are_replaced_each_answer_is_of_one_version_whole(string cacheSize)
    {
        using var folder = new TemporaryFolder();
        Replace(folder, 0);
        using var server = ServerProcess.Serve(published.Binary, folder.Root, "--cache-size", cacheSize);
        using var stop = new ManualResetEventSlim();
        var writer = new Thread(() =>
        {
            for (int version = 1; !stop.IsSet; version++)
            {
                Replace(folder, version);
            }
        });
        writer.Start();
        try
        {
            using var client = new RawClient(server.Port);
            var tags = new Dictionary<string, string>();
            for (int i = 0; i < 3_000; i++)
            {
                Answer answer = client.Get("/file.txt");
                string text = answer.Text;
                Assert.Equal(200, answer.Status);
                Assert.Equal(new string(text[0], text.Length), text);
                Assert.Equal(text.Length, 1_000 + ((text[0] - 'a') * 100));
                if (!tags.TryAdd(answer["ETag"]!, text))
                {
                    Assert.Equal(tags[answer["ETag"]!], text);
                }
            }
        }
        finally
        {
            stop.Set();
            writer.Join();
        }
    }

    /// <summary>Puts another version in the place of the file at once, as a deployment does: its length is that of its letter.</summary>
    private static void Replace(TemporaryFolder folder, int version)
    {
        int letter = version % 26;
        folder.Write("next", new string((char)('a' + letter), 1_000 + (letter * 100)));
        File.Move(folder["next"], folder["file.txt"], overwrite: true);
    }

    // Memory of the cache is used again for other files while clients read: what they get must be of one file, and the process must not grow.
    [Fact]
    public void A_site_that_is_larger_than_the_cache_takes_no_more_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The peak is read from /proc.");
        const int Files = 2_000;
        using var folder = new TemporaryFolder();
        byte[][] contents = [.. Enumerable.Range(0, Files).Select(i => new Random(i).Next(1, 40_000)).Select((length, i) =>
        {
            byte[] content = new byte[length];
            Array.Fill(content, (byte)(i % 251));
            return content;
        })];
        for (int i = 0; i < Files; i++)
        {
            File.WriteAllBytes(folder[$"{i}.bin"], contents[i]);
        }

        using var server = ServerProcess.Serve(published.Binary, folder.Root, "--cache-size", "8");
        string? fault = null;
        Thread[] clients = [.. Enumerable.Range(0, 4).Select(seed => new Thread(() => fault ??= ReadMany(server.Port, contents, new Random(seed))))];
        Array.ForEach(clients, client => client.Start());
        Array.ForEach(clients, client => client.Join());
        Assert.True(fault is null, fault);
        string peak = File.ReadLines($"/proc/{server.Pid}/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        int most = 8 + 12 + (OverTls.IsOn ? 8 : 0); // MiB; the last is OpenSSL's code and its certificate.
        Assert.InRange(int.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]), 1, most * 1024);
    }

    /// <summary>Asks for files at random, each twice, as the full cache has it. What was wrong with an answer; null: nothing.</summary>
    private static string? ReadMany(int port, byte[][] contents, Random random)
    {
        using var client = new RawClient(port);
        for (int i = 0; i < 3_000; i++)
        {
            int file = random.Next(contents.Length);
            for (int again = 0; again < 2; again++)
            {
                Answer answer = client.Get($"/{file}.bin");
                if (answer.Status != 200 || !contents[file].AsSpan().SequenceEqual(answer.Body))
                {
                    return $"{file}.bin: {answer.Status}, {answer.Body.Length} bytes of {contents[file].Length}";
                }
            }
        }

        return null;
    }
}
