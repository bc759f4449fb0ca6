using System.Threading;
using AotServe.Http;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Sites;

/// <summary>The answer to load balancers, and that nothing else is touched by it.</summary>
public sealed class HealthCheckTests
{
    private readonly IRequestHandler _site;
    private readonly DrainState _drain = new();
    private bool _isComplete = true;

    public HealthCheckTests() => _site = new HealthCheck("/healthz", new BuiltInSite(CancellationToken.None), _drain, () => _isComplete);

    [Theory]
    [InlineData("GET", "ok\n")]
    [InlineData("HEAD", "")]
    public void A_server_that_serves_is_ok(string method, string body)
    {
        var answer = SiteAnswer.To(_site, method, "/healthz?from=lb");
        Assert.Equal((200, body), (answer.Status, answer.Text));
        Assert.Equal("text/plain; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("no-store", answer["Cache-Control"]);
        Assert.Equal("3", answer["Content-Length"]);
    }

    [Fact]
    public void OPTIONS_is_answered_too()
    {
        var answer = SiteAnswer.To(_site, "OPTIONS", "/healthz");
        Assert.Equal((204, "GET, HEAD, OPTIONS"), (answer.Status, answer["Allow"]));
    }

    [Theory]
    [InlineData("GET", "draining\n")]
    [InlineData("HEAD", "")]
    public void A_server_that_stops_is_unavailable(string method, string body)
    {
        _drain.Start(isReplaced: false);
        var answer = SiteAnswer.To(_site, method, "/healthz");
        Assert.Equal((503, body), (answer.Status, answer.Text));
        Assert.Equal("no-store", answer["Cache-Control"]);
    }

    [Fact]
    public void A_server_without_one_of_its_folders_is_unavailable()
    {
        _isComplete = false;
        var answer = SiteAnswer.To(_site, "GET", "/healthz");
        Assert.Equal((503, "folder missing\n"), (answer.Status, answer.Text));
        _drain.Start(isReplaced: false);
        Assert.Equal("draining\n", SiteAnswer.To(_site, "GET", "/healthz").Text);
    }

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/healthz/", 404)]
    [InlineData("GET", "/Healthz", 404)]
    [InlineData("GET", "/health%7A", 404)]
    [InlineData("POST", "/healthz", 404)]
    [InlineData("POST", "/", 200)]
    public void Everything_else_is_the_sites(string method, string target, int status)
    {
        _drain.Start(isReplaced: false);
        Assert.Equal(status, SiteAnswer.To(_site, method, target, body: method == "POST" ? "x" : null).Status);
    }
}
