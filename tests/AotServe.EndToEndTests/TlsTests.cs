using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>TLS on the native binary that has it: what is spoken, and with which certificate. How connections begin and end: <see cref="TlsConnectionTests"/>.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly PublishedServer _published;
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _authority = TestCertificate.Authority("Root");

    public TlsTests(PublishedServer published)
    {
        _published = published;
        _folder.Write("index.html", "home");
        Put("main", _authority, _authority.Issue(isRsa: false, "localhost", "a.example"));
    }

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384)]
    [InlineData(SslProtocols.Tls12, TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256)]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_AES_128_GCM_SHA256)]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_AES_256_GCM_SHA384)]
    [InlineData(SslProtocols.Tls13, TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256)]
    public void Requests_are_answered_on_one_connection(SslProtocols protocol, TlsCipherSuite suite)
    {
        byte[] large = _folder.WriteRandom("large", 5_000_000);
        Put("rsa", _authority, _authority.Issue(isRsa: true, "localhost"));
        using ServerProcess server = Serve([.. Pair("rsa")]);
        using RawClient client = Connect(server, new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = protocol,
            CipherSuitesPolicy = Only(suite),
            ApplicationProtocols = [new SslApplicationProtocol("h2"), SslApplicationProtocol.Http11],
        });

        Assert.Equal("home", client.Get("/").Text);
        Assert.Equal(large, client.Get("/large").Body);
        client.Send(string.Concat(Enumerable.Repeat("GET / HTTP/1.1\r\nHost: h\r\n\r\n", 100)));
        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal("home", client.Read().Text));
        Assert.Equal((protocol, suite), (client.Session.SslProtocol, client.Session.NegotiatedCipherSuite));
        Assert.Equal(SslApplicationProtocol.Http11, client.Session.NegotiatedApplicationProtocol);
        Assert.Contains("https://127.0.0.1:", server.ReadyLine, StringComparison.Ordinal);
    }

    [Fact]
    public void Old_protocols_and_others_than_HTTP_1_are_refused()
    {
        using ServerProcess server = Serve();

        Assert.Throws<AuthenticationException>(() => Connect(server, new SslClientAuthenticationOptions { ApplicationProtocols = [SslApplicationProtocol.Http2] }));
        Tool.Require("openssl");
        (_, string text, string error) = Tool.Run("openssl", "s_client", "-connect", $"127.0.0.1:{server.Port}", "-tls1_1", "-cipher", "ALL:@SECLEVEL=0");
        Assert.Contains("alert protocol version", text + error, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_name_gets_its_certificate_by_the_kind_of_key_that_the_client_takes()
    {
        Put("rsa", _authority, _authority.Issue(isRsa: true, "localhost"));
        Put("wild", _authority, _authority.Issue(isRsa: false, "*.b.example", "b.example"));
        using ServerProcess server = Serve([.. Pair("rsa"), .. Pair("wild")]);

        Assert.Equal(("CN=localhost", "1.2.840.10045.2.1"), Certificate(server, "localhost"));
        Assert.Equal(("CN=localhost", "1.2.840.113549.1.1.1"), Certificate(server, "localhost", TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256));
        Assert.Equal("CN=*.b.example", Certificate(server, "x.b.example").Subject);
        Assert.Equal("CN=*.b.example", Certificate(server, "B.Example").Subject);
        Assert.Equal("CN=localhost", Certificate(server, "a.example").Subject);
        Assert.Equal("CN=localhost", Certificate(server, "x.y.b.example").Subject);
        Assert.Equal("CN=localhost", Certificate(server, "elsewhere.example").Subject);
    }

    [Fact]
    public void A_chain_is_sent_whole()
    {
        using var between = TestCertificate.Authority("Between", _authority);
        using TestCertificate leaf = between.Issue(isRsa: false, "localhost");
        _folder.Write("../chain.pem", leaf.Pem + between.Pem);
        _folder.Write("../chain.key", leaf.KeyPem);
        _folder.Write("../root.pem", _authority.Pem);
        using ServerProcess server = Serve(Start("--tls-cert", _folder["../chain.pem"], "--tls-key", _folder["../chain.key"]));
        X509ChainStatusFlags[] faults = [X509ChainStatusFlags.PartialChain];

        using RawClient client = Connect(server, new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(_folder["../root.pem"]) },
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            },
            RemoteCertificateValidationCallback = (_, _, chain, errors) =>
            {
                faults = [.. chain!.ChainStatus.Select(status => status.Status)];
                return true;
            },
        });

        Assert.Equal(200, client.Get("/").Status);
        Assert.Empty(faults);
    }

    [Fact]
    public void HTTP_at_its_port_gets_400_and_HTTP_at_the_other_is_redirected()
    {
        _folder.Write(".well-known/acme-challenge/token", "proof");
        using ServerProcess server = Serve("--http-port", "0", "--hsts");

        using (var plain = new RawClient(server.Port))
        {
            Answer answer = plain.Get("/x");
            Assert.Equal(400, answer.Status);
            Assert.Contains("https://", answer.Text, StringComparison.Ordinal);
            Assert.Null(answer["Strict-Transport-Security"]);
            plain.AssertClosed();
        }

        using (var plain = new RawClient(server.RedirectPort))
        {
            plain.Send("GET /a%20b?c=d HTTP/1.1\r\nHost: www.example:80\r\n\r\n");
            Answer answer = plain.Read();
            Assert.Equal((308, $"https://www.example:{server.Port}/a%20b?c=d"), (answer.Status, answer["Location"]));
            Assert.Null(answer["Strict-Transport-Security"]);
            Assert.Equal("proof", plain.Get("/.well-known/acme-challenge/token").Text);
            Assert.Equal(308, plain.Get("/.well-known/acme-challenge/../../index.html").Status);
            Assert.Equal(308, plain.Get("/.well-known/acme-challenge/%2e%2e/%2e%2e/index.html").Status);
        }

        using RawClient client = Connect(server);
        Assert.Equal("max-age=63072000", client.Get("/")["Strict-Transport-Security"]);
        Assert.Equal("max-age=63072000", client.Get("/nowhere")["Strict-Transport-Security"]);
    }

    [Fact]
    public void A_host_of_another_certificate_is_misdirected()
    {
        _folder.Write("../a/index.html", "a");
        _folder.Write("../b/index.html", "b");
        using ServerProcess server = Serve(
            "--vhost", "a.example=" + _folder["../a"], "--vhost", "b.example=" + _folder["../b"]);
        using RawClient client = Connect(server, new SslClientAuthenticationOptions { TargetHost = "a.example" });

        Assert.Equal((200, "a"), Ask(client, "a.example"));
        Assert.Equal(421, Ask(client, "b.example").Status);
        Assert.Equal(421, Ask(client, "other.example").Status);
        Assert.Equal((200, "a"), Ask(client, "A.Example.:443"));
    }

    [Fact]
    public void Its_key_is_not_served()
    {
        _folder.Write("main.key", File.ReadAllText(_folder["../main.key"]));
        using ServerProcess server = Serve(Start("--tls-cert", _folder["../main.pem"], "--tls-key", _folder["main.key"]));
        using RawClient client = Connect(server);

        Assert.Equal(404, client.Get("/main.key").Status);
    }

    [Fact]
    public void The_health_check_asks_by_TLS()
    {
        using ServerProcess server = Serve("--health", "/healthz");

        Assert.Equal(0, Tool.Run(_published.TlsBinary, "healthcheck", $"https://127.0.0.1:{server.Port}/healthz").Code);
        Assert.Equal(1, Tool.Run(_published.TlsBinary, "healthcheck", $"http://127.0.0.1:{server.Port}/healthz").Code);
    }

    [Fact]
    public void A_server_without_it_says_how_to_build_one()
    {
        Assert.SkipWhen(OverTls.IsOn, "This run has TLS in all servers.");
        foreach (string[] option in (string[][])[["--tls-cert", "x"], ["--tls-key", "x"], ["--http-port", "80"], ["--hsts"]])
        {
            (int code, _, string error) = Tool.Run(_published.Binary, option);
            Assert.Equal(2, code);
            Assert.Contains($"{option[0]}: this aotserve was built without TLS; ./publish.sh --tls builds one with it", error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("OpenSSL", Tool.Run(_published.Binary, "--version").Out, StringComparison.Ordinal);
        Assert.Matches(@"OpenSSL 3\.\d+\.\d+", Tool.Run(_published.TlsBinary, "--version").Out);
    }

    private static (int Status, string Text) Ask(RawClient client, string host)
    {
        client.Send($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Answer answer = client.Read();
        return (answer.Status, answer.Text);
    }

    private static RawClient Connect(ServerProcess server, SslClientAuthenticationOptions? options = null) =>
        new(server.Port, options ?? new SslClientAuthenticationOptions());

    private static (string Subject, string? KeyAlgorithm) Certificate(ServerProcess server, string host, TlsCipherSuite? suite = null)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (suite is { } only)
        {
            options.EnabledSslProtocols = SslProtocols.Tls12;
            options.CipherSuitesPolicy = Only(only);
        }

        using RawClient client = Connect(server, options);
        var certificate = (X509Certificate2)client.Session.RemoteCertificate!;
        return (certificate.Subject, certificate.PublicKey.Oid.Value);
    }

    /// <summary>Null where .NET's client takes the system's suites alone; there is no server to ask there either.</summary>
    private static CipherSuitesPolicy? Only(TlsCipherSuite suite) =>
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? null : new CipherSuitesPolicy([suite]);

    private void Put(string name, TestCertificate issuer, TestCertificate certificate)
    {
        _folder.Write($"../{name}.pem", certificate.Pem + issuer.Pem);
        _folder.Write($"../{name}.key", certificate.KeyPem);
        certificate.Dispose();
    }

    private string[] Pair(string name) => ["--tls-cert", _folder[$"../{name}.pem"], "--tls-key", _folder[$"../{name}.key"]];

    private ServerStart Start(params string[] arguments) => new()
    {
        Binary = _published.TlsBinary,
        Arguments = [_folder.Root, "--port", "0", "--bind", "127.0.0.1", .. arguments],
    };

    private static ServerProcess Serve(ServerStart start) => ServerProcess.Serve(start);

    private ServerProcess Serve(params string[] arguments) => Serve(Start([.. Pair("main"), .. arguments]));
}
