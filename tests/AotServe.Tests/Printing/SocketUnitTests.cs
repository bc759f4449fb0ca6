using AotServe.Printing;
using Xunit;

namespace AotServe.Tests.Printing;

/// <summary><c>print socket</c>: systemd listens where the server would.</summary>
public sealed class SocketUnitTests
{
    [Theory]
    [InlineData("7878")]
    [InlineData("80", "--port", "80")]
    [InlineData("127.0.0.1:80 [::1]:80", "--port", "80", "--bind", "127.0.0.1", "--bind", "::1")]
    [InlineData("[fe80::1%%2]:80", "--port", "80", "--bind", "fe80::1%2")]
    [InlineData("/run/aotserve/http.sock", "--bind", "unix:/run/aotserve/http.sock")]
    [InlineData("/run/aotserve/http.sock", "--bind", "unix:/run/aotserve/http.sock", "--port", "0")]
    [InlineData("/run/a%%b", "--bind", "unix:/run/a%b")]
    [InlineData("127.0.0.1:7878", "--dev")]
    public void It_listens_where_the_options_say(string listens, params string[] arguments)
    {
        var unit = Unit.OfSocket(arguments);
        Assert.Equal(listens.Split(' '), unit["ListenStream"]);
        Assert.Equal(listens.Contains("]:") ? ["ipv6-only"] : [], unit["BindIPv6Only"]);
        Assert.Equal(["sockets.target"], unit["WantedBy"]);
    }

    [Fact]
    public void A_sockets_file_has_its_mode_and_its_owner()
    {
        var unit = Unit.OfSocket("--bind", "unix:/run/aotserve/a b", "--socket-mode", "060", "--user", "www-data:adm", "--reuse-port");
        Assert.Equal(["/run/aotserve/a b"], unit["ListenStream"]);
        Assert.Equal(["0060"], unit["SocketMode"]);
        Assert.Equal(["www-data"], unit["SocketUser"]);
        Assert.Equal(["adm"], unit["SocketGroup"]);
        Assert.Equal(["yes"], unit["ReusePort"]);
        Assert.Equal(["0666"], Unit.OfSocket("--bind", "unix:/run/aotserve/a")["SocketMode"]);
        Assert.Empty(Unit.OfSocket("--user", "www-data")["SocketUser"]);
    }

    [Theory]
    [InlineData("give --port N", "--port", "0")]
    [InlineData("without control characters", "--bind", "unix:/run/a\nExecStartPre=b")]
    [InlineData("without spaces around it", "--bind", "unix:/run/a ")]
    public void What_systemd_cannot_listen_on_is_refused(string error, params string[] arguments)
    {
        Assert.False(SocketUnit.TryMake(Unit.Parse("socket", arguments).Options, out _, out string? said));
        Assert.Contains(error, said);
        Assert.DoesNotContain('\n', said);
    }
}
