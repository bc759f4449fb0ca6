using System;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>What a client of TLS has of a server goes on with the one that replaces it.</summary>
[Collection(CrowdTests.Alone)]
public sealed class TlsReplacementTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_session_goes_on_at_the_server_that_replaces_it()
    {
        Tool.Require("openssl");
        using var certificate = TestCertificate.SelfSigned("localhost");
        string chain = _folder.Write("../chain", certificate.Pem);
        string key = _folder.Write("../key", certificate.KeyPem);
        using var server = new ReplaceableServer(published.TlsBinary, "--tls-cert", chain, "--tls-key", key);
        string session = _folder["../session"];
        foreach (string protocol in (string[])["-tls1_2", "-tls1_3"])
        {
            Assert.Contains("New, TLSv1", Ask(server, protocol, "-sess_out", session), StringComparison.Ordinal);
            Assert.Contains("Reused, TLSv1", Ask(server, protocol, "-sess_in", session), StringComparison.Ordinal);
            server.Replace();
            Assert.Contains("Reused, TLSv1", Ask(server, protocol, "-sess_in", session), StringComparison.Ordinal);
        }

        server.Stop();
    }

    private static string Ask(ReplaceableServer server, params string[] options)
    {
        // It has read the ticket of TLS 1.3 when it has read an answer.
        string request = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".Replace("\r\n", "\\r\\n", StringComparison.Ordinal);
        (_, string text, string error) = Tool.Run(
            "sh", "-c", $"printf '{request}' | openssl s_client -ign_eof -connect 127.0.0.1:{server.Port} -servername localhost {string.Join(" ", options)}");
        return text + error;
    }
}
