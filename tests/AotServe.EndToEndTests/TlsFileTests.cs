using System;
using System.IO;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>The files of certificates and keys: what is wrong with them, and what happens when they change.</summary>
public sealed class TlsFileTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificate _authority = TestCertificate.Authority("Root");

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("encrypted", "is encrypted, and nobody is there to type its password")]
    [InlineData("mismatched", "is not the key of the certificate in")]
    [InlineData("expired", "its certificate expired at 20")]
    [InlineData("early", "is not valid before 20")]
    [InlineData("reversed", "is in the wrong order: the key belongs to its certificate 2")]
    [InlineData("stranger", "is in the wrong order: certificate 2 has not issued certificate 1")]
    [InlineData("missing", "does not exist")]
    [InlineData("folder", "is a folder; name the file")]
    [InlineData("empty", "has no certificate; it takes PEM")]
    [InlineData("broken", "has a certificate that cannot be read: ")]
    [InlineData("keyless", "has no private key; it takes PEM")]
    public void What_is_wrong_is_one_line_from_a_start_and_from_check(string fault, string line)
    {
        using TestCertificate right = _authority.Issue(isRsa: false, "localhost");
        using TestCertificate other = _authority.Issue(isRsa: true, "localhost");
        using TestCertificate late = _authority.Issue(-20, -10);
        using TestCertificate early = _authority.Issue(10, 20);
        using var stranger = TestCertificate.Authority("Stranger");
        string chain = _folder.Write("../chain", fault switch
        {
            "expired" => late.Pem,
            "early" => early.Pem,
            "reversed" => _authority.Pem + right.Pem,
            "stranger" => right.Pem + stranger.Pem,
            "empty" => "nothing",
            "broken" => right.Pem.Replace("-----\nM", "-----\nXX", StringComparison.Ordinal),
            _ => right.Pem + _authority.Pem,
        });
        string key = _folder.Write("../key", fault switch
        {
            "encrypted" => right.EncryptedKeyPem,
            "mismatched" => other.KeyPem,
            "expired" => late.KeyPem,
            "early" => early.KeyPem,
            "keyless" => right.Pem,
            _ => right.KeyPem,
        });
        chain = fault switch { "missing" => chain + "-not", "folder" => _folder.Root, _ => chain };

        foreach (string[] command in (string[][])[[], ["check"]])
        {
            (int code, string text, string error) = Tool.Run(published.TlsBinary, [.. command, "--tls-cert", chain, "--tls-key", key, "--port", "0"]);
            Assert.Equal((2, ""), (code, text));
            Assert.Contains(line, error, StringComparison.Ordinal);
            Assert.Single(error.TrimEnd().Split('\n'));
        }
    }

    [Fact]
    public void Without_a_key_for_each_certificate_nothing_starts()
    {
        (int code, _, string error) = Tool.Run(published.TlsBinary, "--tls-cert", "a", "--tls-cert", "b", "--tls-key", "c");
        Assert.Equal(2, code);
        Assert.Contains("2 --tls-cert and 1 --tls-key are given", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_says_what_each_certificate_is_for()
    {
        Put("one", "localhost", "a.example");
        (int code, string text, _) = Tool.Run(published.TlsBinary, ["check", .. Pair("one"), "--http-port", "80"]);
        Assert.Equal(0, code);
        Assert.Contains("speak   TLS as localhost, a.example, valid until 20", text, StringComparison.Ordinal);
        Assert.Contains("send    port 80 to HTTPS", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Verbose_says_who_encrypts()
    {
        Put("one", "localhost");
        (_, string text, _) = Tool.Run(published.TlsBinary, ["check", .. Pair("one"), "--verbose"]);
        Assert.Matches(@"(?m)^TLS: OpenSSL \d+\.\d+\.\d+; (the kernel encrypts what is sent \(kTLS\)|this kernel has no kTLS)$", text);
    }

    [Fact]
    public void One_name_may_have_a_key_of_each_kind()
    {
        Put("one", "localhost");
        using TestCertificate rsa = _authority.Issue(isRsa: true, "localhost");
        _folder.Write("../chain-two.pem", rsa.Pem);
        _folder.Write("../key-two.pem", rsa.KeyPem);
        (int code, string text, _) = Tool.Run(published.TlsBinary, ["check", .. Pair("one"), .. Pair("two")]);
        Assert.Equal((0, 2), (code, text.Split("speak   TLS as localhost, valid until 20").Length - 1));

        using ServerProcess server = Serve([.. Pair("one"), .. Pair("two")]);
        using RawClient client = Connect(server);
        Assert.Equal(200, client.Get("/").Status);
    }

    [Fact]
    public void A_world_of_its_binary_its_certificate_and_its_files_is_enough()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Posix.UserId == 0, "Only root can change the root of a process.");
        Tool.Require("chroot");
        Tool.Require("openssl");
        using TestCertificate certificate = _authority.Issue(isRsa: false, "localhost");
        _folder.Write("www/index.html", "home");
        _folder.Write("tls/chain.pem", certificate.Pem);
        _folder.Write("tls/key.pem", certificate.KeyPem);
        File.Copy(published.TlsBinary, _folder["aotserve"]);
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = "/aotserve",
            Arguments = ["/www", "--port", "0", "--bind", "127.0.0.1", "--tls-cert", "/tls/chain.pem", "--tls-key", "/tls/key.pem"],
            Shell = $"exec chroot '{_folder.Root}' \"$0\" \"$@\"",
        });
        using (RawClient client = Connect(server))
        {
            Assert.Equal("home", client.Get("/").Text);
        }

        foreach ((string option, string kind) in ((string, string)[])[("-sess_out", "New"), ("-sess_in", "Reused")])
        {
            (_, string text, _) = Tool.Run(
                "sh", "-c", $"printf 'GET / HTTP/1.0\\r\\n\\r\\n' | openssl s_client -ign_eof -connect 127.0.0.1:{server.Port} {option} '{_folder["session"]}'");
            Assert.Contains($"{kind}, TLSv1.3", text, StringComparison.Ordinal);
        }

        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
    }

    [Fact]
    public void SIGHUP_rereads_them_within_the_sandbox_and_a_wrong_one_keeps_the_old()
    {
        // As certbot has it: live/ has links to archive/.
        PutAt("../archive/first", "first.example");
        Link("first");
        using ServerProcess server = Serve("--tls-cert", _folder["../live/chain.pem"], "--tls-key", _folder["../live/key.pem"]);
        using RawClient kept = Connect(server);
        Assert.Equal(("CN=first.example", 200), (Subject(kept), kept.Get("/").Status));

        PutAt("../archive/second", "second.example");
        Link("second");
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.Contains("Reread the certificate for second.example", StringComparison.Ordinal));
        using (RawClient client = Connect(server))
        {
            Assert.Equal(("CN=second.example", 200), (Subject(client), client.Get("/").Status));
        }

        _folder.Write("../archive/chain-second.pem", "nothing");
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.Contains("has no certificate; it takes PEM, which begins with -----BEGIN CERTIFICATE-----; the certificates from before stay in force", StringComparison.Ordinal));
        using (RawClient client = Connect(server))
        {
            Assert.Equal(("CN=second.example", 200), (Subject(client), client.Get("/").Status));
        }

        Assert.Equal(200, kept.Get("/").Status);
    }

    [Fact]
    public void What_OpenSSL_needs_is_written_to_only_where_it_is_used_and_read_only_then()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64, "Elsewhere it is written to at each start.");
        const int Much = 256 * 1024;
        Put("one", "localhost");
        using ServerProcess plain = Serve();
        Assert.SkipUnless(Proc.IsStatic(plain.Pid), "A loader writes to it at each start.");
        (long plainWritable, long plainReadOnly) = Proc.WrittenOfProgram(plain.Pid);
        Assert.InRange(plainWritable + plainReadOnly, 1, Much);

        using ServerProcess server = Serve(Pair("one"));
        (long writable, long readOnly) = Proc.WrittenOfProgram(server.Pid);
        Assert.InRange(writable, 1, Much);
        Assert.InRange(readOnly, Much, long.MaxValue);
    }

    private static RawClient Connect(ServerProcess server) => new(server.Port, new SslClientAuthenticationOptions());

    private static string Subject(RawClient client) => ((X509Certificate2)client.Session.RemoteCertificate!).Subject;

    private void Put(string name, params string[] hosts) => PutAt("../" + name, hosts);

    private void PutAt(string path, params string[] hosts)
    {
        using TestCertificate certificate = _authority.Issue(isRsa: false, hosts);
        string folder = Path.GetDirectoryName(path)!;
        string name = Path.GetFileName(path);
        _folder.Write($"{folder}/chain-{name}.pem", certificate.Pem);
        _folder.Write($"{folder}/key-{name}.pem", certificate.KeyPem);
    }

    private string[] Pair(string name) => ["--tls-cert", _folder[$"../chain-{name}.pem"], "--tls-key", _folder[$"../key-{name}.pem"]];

    private void Link(string name)
    {
        _folder.MakeFolder("../live");
        foreach (string kind in (string[])["chain", "key"])
        {
            File.Delete(_folder[$"../live/{kind}.pem"]);
            File.CreateSymbolicLink(_folder[$"../live/{kind}.pem"], $"../archive/{kind}-{name}.pem");
        }
    }

    private ServerProcess Serve(params string[] arguments) => ServerProcess.Serve(new ServerStart
    {
        Binary = published.TlsBinary,
        Arguments = ["--port", "0", "--bind", "127.0.0.1", .. arguments],
    });
}
