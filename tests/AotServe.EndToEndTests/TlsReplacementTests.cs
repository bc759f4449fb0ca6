using System;
using System.IO;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
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
        using ReplaceableServer server = Serve();
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

    // Clients use a ticket of TLS 1.3 once (RFC 8446 §C.4): without another one, every second connection would be a whole handshake.
    [Fact]
    public void A_connection_that_goes_on_with_a_session_gets_a_ticket_for_the_next()
    {
        using ReplaceableServer server = Serve();
        Assert.Contains("New, TLSv1.3", Ask(server, "-tls1_3", "-sess_out", _folder["../session0"]), StringComparison.Ordinal);
        for (int i = 0; i < 4; i++)
        {
            string answer = Ask(server, "-tls1_3", "-sess_in", _folder[$"../session{i}"], "-sess_out", _folder[$"../session{i + 1}"]);
            Assert.Contains("Reused, TLSv1.3", answer, StringComparison.Ordinal);
        }

        server.Stop();
    }

    /// <summary>As certbot and its users have it: <c>live/NAME</c> has links into <c>archive/NAME</c>, which a renewal turns.</summary>
    [Fact]
    public void Under_the_walls_and_as_another_user_a_renewal_and_a_successor_are_served()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.UserId == 0, "Only root can become another user.");
        Renew(1, "first.example");
        using var server = new ReplaceableServer(
            published.TlsBinary, "--user", "65534:65534", "--tls-cert", _folder["../live/name/fullchain.pem"], "--tls-key", _folder["../live/name/privkey.pem"]);
        using var kept = new RawClient(server.Port, new SslClientAuthenticationOptions());
        Assert.Equal(("CN=first.example", 200), (Subject(kept), kept.Get("/").Status));

        Renew(2, "second.example");
        Posix.Kill(server.Pid, Posix.SIGHUP);
        server.Process.AwaitLine(line => line.Contains("Reread the certificate for second.example", StringComparison.Ordinal));
        AssertServes(server, "CN=second.example");

        // Only root may read the third: it is said, and the second stays, for a rereading and for a successor, which cannot start.
        Renew(3, "third.example", owner: 0);
        Posix.Kill(server.Pid, Posix.SIGHUP);
        server.Process.AwaitLine(line => line.Contains("the certificates from before stay in force", StringComparison.Ordinal));
        AssertServes(server, "CN=second.example");
        Assert.Equal(200, kept.Get("/").Status);
        int before = server.Pid;
        server.AskForSuccessor();
        server.Process.AwaitLine(line => line.Contains("this server goes on", StringComparison.Ordinal));
        Assert.Contains(server.Process.Stderr, line => line.EndsWith("fullchain.pem may not be read by this user", StringComparison.Ordinal));
        AssertServes(server, "CN=second.example");
        Assert.Equal(before, server.Pid);

        Renew(4, "fourth.example");
        server.Replace();
        AssertServes(server, "CN=fourth.example");
        server.Stop();
    }

    private static void AssertServes(ReplaceableServer server, string subject)
    {
        using var client = new RawClient(server.Port, new SslClientAuthenticationOptions());
        Assert.Equal((subject, 200), (Subject(client), client.Get("/").Status));
    }

    private static string Subject(RawClient client) => ((X509Certificate2)client.Session.RemoteCertificate!).Subject;

    /// <summary>Writes the files of a certificate with a number into the archive, for one user to read, and turns the links to them.</summary>
    private void Renew(int number, string host, int owner = 65534)
    {
        using var certificate = TestCertificate.SelfSigned(host);
        _folder.MakeFolder("../live/name");
        foreach ((string name, string text) in ((string, string)[])[("fullchain", certificate.Pem), ("privkey", certificate.KeyPem)])
        {
            string path = _folder.Write($"../archive/name/{name}{number}.pem", text);
            Tool.Run("chown", $"{owner}:{owner}", path);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead);
            }

            File.Delete(_folder[$"../live/name/{name}.pem"]);
            File.CreateSymbolicLink(_folder[$"../live/name/{name}.pem"], $"../../archive/name/{name}{number}.pem");
        }
    }

    private ReplaceableServer Serve()
    {
        Tool.Require("openssl");
        using var certificate = TestCertificate.SelfSigned("localhost");
        string chain = _folder.Write("../chain", certificate.Pem);
        string key = _folder.Write("../key", certificate.KeyPem);
        return new ReplaceableServer(published.TlsBinary, "--tls-cert", chain, "--tls-key", key);
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
