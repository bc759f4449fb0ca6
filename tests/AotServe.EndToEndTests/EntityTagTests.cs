using System;
using System.IO;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Entity tags follow the bytes, whatever times the files have (RFC 9110 §8.8).</summary>
public sealed class EntityTagTests(PublishedServer published) : IDisposable
{
    private const int Small = 1_000;
    private const int Large = 300_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Small, "32", 0)]
    [InlineData(Small, "32", 315_532_800)]
    [InlineData(Small, "32", 1_600_000_000)]
    [InlineData(Small, "0", 1)]
    [InlineData(Small, "0", 1_600_000_000)]
    [InlineData(Large, "32", 1)]
    [InlineData(Large, "32", 1_600_000_000)]
    [InlineData(Large, "0", 499_162_500)]
    public void A_release_of_the_same_length_and_time_is_another_version(int length, string cacheSize, long time)
    {
        Write("app.js", 'a', length, time);
        using ServerProcess server = Serve("--cache-size", cacheSize);
        using var client = new RawClient(server.Port);
        string tag = client.StrongTag("/app.js");
        Assert.Equal(304, client.Get("/app.js", $"If-None-Match: {tag}").Status);
        Assert.Equal(206, client.Get("/app.js", "Range: bytes=1-", $"If-Range: {tag}").Status);

        Write("new", 'b', length, time);
        File.Move(_folder["new"], _folder["app.js"], overwrite: true);
        Eventually.Holds(() => client.Get("/app.js", $"If-None-Match: {tag}").Status == 200, "the release is seen");
        Answer whole = client.Get("/app.js", "Range: bytes=1-", $"If-Range: {tag}");
        Assert.Equal((200, new string('b', length)), (whole.Status, whole.Text));
        Assert.NotEqual(tag, client.StrongTag("/app.js"));
    }

    [Theory]
    [InlineData(Small, 1)]
    [InlineData(Small, 1_600_000_000)]
    [InlineData(Large, 1_600_000_000)]
    public void A_rewrite_in_place_of_the_same_length_and_time_is_another_version(int length, long time)
    {
        Write("app.js", 'a', length, time);
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        for (char version = 'b'; version < 'g'; version++)
        {
            string tag = client.StrongTag("/app.js");
            Write("app.js", version, length, time);
            Eventually.Holds(() => client.Get("/app.js").Text == new string(version, length), "the new version is sent");
            Assert.Equal(200, client.Get("/app.js", $"If-None-Match: {tag}").Status);
        }
    }

    [Theory]
    [InlineData(Small)]
    [InlineData(Large)]
    public void Every_server_with_the_same_bytes_gives_the_same_tag(int length)
    {
        Write("1/app.js", 'a', length, 1_600_000_000);
        Write("2/app.js", 'a', length, 1_700_000_000);
        using var first = ServerProcess.Serve(published.Binary, _folder["1"]);
        using var second = ServerProcess.Serve(published.Binary, _folder["2"], "--cache-size", "0");
        using var client = new RawClient(first.Port);
        using var other = new RawClient(second.Port);

        string tag = client.StrongTag("/app.js");
        Assert.Equal(tag, other.StrongTag("/app.js"));
        Answer rest = other.Get("/app.js", "Range: bytes=7-", $"If-Range: {tag}");
        Assert.Equal((206, length - 7), (rest.Status, rest.Body.Length));
    }

    [Fact]
    public void Until_a_large_file_is_hashed_its_tag_is_weak_and_nothing_is_joined_by_it()
    {
        // Large enough for some requests to come before its hash.
        Write("film.mp4", 'a', 400_000_000, 1_600_000_000);
        using ServerProcess server = Serve();
        using var client = new RawClient(server.Port);
        string weak = client.Request("HEAD", "/film.mp4")["ETag"]!;
        Assert.Matches("^W/\"[0-9a-f]+\"$", weak);
        Assert.Equal(200, client.Request("HEAD", "/film.mp4", "Range: bytes=0-0", $"If-Range: {weak}").Status);
        Assert.Equal(412, client.Request("HEAD", "/film.mp4", $"If-Match: {weak}").Status);

        string strong = client.StrongTag("/film.mp4");
        Answer known = client.Get("/film.mp4", $"If-None-Match: {weak}");
        Assert.Equal((304, weak), (known.Status, known["ETag"]));
        known = client.Get("/film.mp4", $"If-None-Match: {strong}");
        Assert.Equal((304, strong), (known.Status, known["ETag"]));
        Assert.Equal(206, client.Get("/film.mp4", "Range: bytes=0-0", $"If-Range: {strong}").Status);
    }

    [Fact]
    public void A_stop_does_not_wait_for_a_hash()
    {
        using (var sparse = new FileStream(_folder["huge.iso"], FileMode.Create))
        {
            sparse.SetLength(1L << 40);
        }

        using ServerProcess server = Serve();
        using (var client = new RawClient(server.Port))
        {
            Eventually.Holds(
                () =>
                {
                    Assert.StartsWith("W/", client.Request("HEAD", "/huge.iso")["ETag"]);
                    return Proc.ThreadsNamed(server.Pid, "hashes").Count > 0;
                },
                "the file is being hashed");
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForExit());
    }

    private ServerProcess Serve(params string[] arguments) => ServerProcess.Serve(published.Binary, [_folder.Root, .. arguments]);

    private void Write(string name, char content, int length, long time) =>
        File.SetLastWriteTimeUtc(_folder.Write(name, new string(content, length)), DateTime.UnixEpoch.AddSeconds(time));
}
