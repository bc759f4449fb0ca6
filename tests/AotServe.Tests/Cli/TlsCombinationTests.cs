using System;
using System.Net;
using AotServe.Cli;
using AotServe.Net;
using AotServe.Tls;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>Which options of TLS go together.</summary>
public sealed class TlsCombinationTests
{
    private static readonly ServerOptions Secure = new() { Tls = new TlsOptions { Certificates = ["/c"], Keys = ["/k"] } };

    [Fact]
    public void A_certificate_and_its_key_are_right() => Assert.Null(TlsCombination.FindFault(Secure, isBuiltIn: true));

    [Fact]
    public void Without_TLS_nothing_is_wrong() => Assert.Null(TlsCombination.FindFault(new ServerOptions(), isBuiltIn: false));

    [Fact]
    public void A_build_without_it_says_how_to_make_one() =>
        Assert.Equal("--tls-cert: this aotserve was built without TLS; ./publish.sh --tls builds one with it", TlsCombination.FindFault(Secure, isBuiltIn: false));

    [Fact]
    public void What_goes_with_it_needs_it()
    {
        Assert.StartsWith("--hsts goes with TLS", Fault(new ServerOptions { Tls = new TlsOptions { StrictTransport = 1 } }), StringComparison.Ordinal);
        Assert.StartsWith("--http-port goes with TLS", Fault(new ServerOptions { Listen = new ListenOptions { HttpPort = 80 } }), StringComparison.Ordinal);
        Assert.StartsWith("0 --tls-cert and 1 --tls-key are given", Fault(new ServerOptions { Tls = new TlsOptions { Keys = ["/k"] } }), StringComparison.Ordinal);
    }

    [Fact]
    public void Its_ports_differ_and_are_of_TCP()
    {
        Assert.StartsWith("--http-port and --port are both 80", Fault(Secure with { Listen = new ListenOptions { Port = 80, HttpPort = 80 } }), StringComparison.Ordinal);
        Assert.Null(Fault(Secure with { Listen = new ListenOptions { Port = 0, HttpPort = 0 } }));
        Assert.StartsWith("--tls-cert: Unix sockets speak no TLS", Fault(Secure with { Listen = new ListenOptions { UnixPaths = ["/s"] } }), StringComparison.Ordinal);
        Assert.Null(Fault(Secure with { Listen = new ListenOptions { UnixPaths = ["/s"], Addresses = [IPAddress.Loopback] } }));
    }

    private static string? Fault(ServerOptions options) => TlsCombination.FindFault(options, isBuiltIn: true);
}
