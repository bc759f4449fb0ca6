using System;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Who may see <c>--metrics</c> and <c>--status</c> on the site's own port. To all others they are paths of the site.</summary>
public sealed class OperatorAccessTests(PublishedServer published) : IDisposable
{
    private static readonly string[] Pages = ["--metrics", "/metrics", "--status", "/status"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("X-Forwarded-For: 198.51.100.7")]
    [InlineData("X-Forwarded-For: 127.0.0.1")]
    [InlineData("x-forwarded-for:")]
    [InlineData("Forwarded: for=198.51.100.7")]
    [InlineData("Via: 1.1 proxy")]
    [InlineData("X-Real-IP: 127.0.0.1")]
    public void What_was_forwarded_to_this_machine_gets_what_the_site_answers(string field)
    {
        _folder.Write("status", "a file of the site");
        using var server = ServerProcess.Serve(published.Binary, [_folder.Root, .. Pages]);
        using var client = new RawClient(server.Port);
        Answer none = client.Get("/none", field);
        Answer refused = client.Get("/metrics", field);
        Assert.Equal((404, none.Text), (refused.Status, refused.Text));
        Assert.Equal(none["Cache-Control"], refused["Cache-Control"]);
        Assert.Equal("a file of the site", client.Get("/status", field).Text);
        Assert.Equal(405, client.Request("POST", "/metrics", field).Status);
        Assert.Equal(200, client.Get("/metrics").Status);
        Assert.Equal("text/html; charset=utf-8", client.Get("/status")["Content-Type"]);
    }

    [Theory]
    [InlineData("198.51.100.7", 200)]
    [InlineData("198.51.100.8", 404)]
    [InlineData("203.0.113.1, 198.51.100.7", 200)]
    [InlineData("198.51.100.7, 203.0.113.1", 404)]
    [InlineData("127.0.0.1", 404)]
    public void Who_was_named_by_a_trusted_proxy_may_see_them_if_allowed(string forwarded, int status)
    {
        using var server = ServerProcess.Serve(
            published.Binary, [_folder.Root, .. Pages, "--trusted-proxy", "127.0.0.1", "--admin-allow", "198.51.100.7"]);
        using var client = new RawClient(server.Port);
        foreach (string page in (string[])["/metrics", "/status"])
        {
            Assert.Equal(status, client.Get(page, $"X-Forwarded-For: {forwarded}").Status);
            Assert.Equal(200, client.Get(page).Status);
        }
    }

    [Fact]
    public void The_word_of_a_proxy_that_is_not_trusted_counts_for_nothing()
    {
        using var server = ServerProcess.Serve(published.Binary, [_folder.Root, .. Pages, "--admin-allow", "198.51.100.0/24"]);
        using var client = new RawClient(server.Port);
        Assert.Equal(404, client.Get("/metrics", "X-Forwarded-For: 198.51.100.7").Status);
        Assert.Equal(200, client.Get("/metrics").Status);
    }

    [Fact]
    public void Over_a_Unix_socket_nobody_is_of_this_machine()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix sockets are listened on where there are signals.");
        string path = _folder["../http.sock"];
        using var server = ServerProcess.Serve(new ServerStart { Binary = published.Binary, Arguments = [_folder.Root, "--bind", $"unix:{path}", .. Pages] });
        using var client = new RawClient(path);
        Assert.Equal(404, client.Get("/metrics").Status);
        Assert.Equal(404, client.Get("/status").Status);
    }

    [Fact]
    public void Paths_that_look_alike_are_the_sites()
    {
        using var server = ServerProcess.Serve(published.Binary, [_folder.Root, .. Pages]);
        using var client = new RawClient(server.Port);
        foreach (string path in (string[])["/metric%73", "/METRICS", "/metrics/", "/metricss", "/status/x"])
        {
            Assert.Equal(404, client.Get(path).Status);
        }
    }
}
