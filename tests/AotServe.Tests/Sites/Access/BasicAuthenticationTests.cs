using System;
using System.IO;
using System.Text;
using AotServe.Http;
using AotServe.Sites;
using AotServe.Sites.Access;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Sites.Access;

/// <summary>Who is let in, through a file site and by asking alone.</summary>
public sealed class BasicAuthenticationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly BasicAuthentication _authentication;
    private readonly FileSite _site;

    public BasicAuthenticationTests()
    {
        _folder.Write("index.html", "page");
        WriteUsers("ann", "sécret");
        Assert.True(BasicAuthentication.TryOpen(
            _folder["../users"], "a key of the tests'"u8, new BackgroundThreadOptions(), out BasicAuthentication? authentication, out _));
        _authentication = authentication;
        _site = FolderSite.Open(_folder.Root, authentication: _authentication);
    }

    public void Dispose()
    {
        _authentication.Dispose();
        _site.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Who_knows_the_password_gets_the_page()
    {
        Assert.Equal((200, "page"), Get("ann:sécret"));
        Assert.Equal((200, "page"), Get("ann:sécret"));
        Assert.Equal(200, SiteAnswer.To(_site, "GET", "/", [Field("ann:sécret").Replace("Basic", "bASIC ")]).Status);
    }

    [Fact]
    public void Without_a_field_with_an_unknown_user_and_with_a_wrong_password_the_answer_is_the_same()
    {
        var none = SiteAnswer.To(_site, "GET", "/");
        Assert.Equal(401, none.Status);
        Assert.Equal("Basic realm=\"Restricted\", charset=\"UTF-8\"", none["WWW-Authenticate"]);
        Assert.Equal("no-store", none["Cache-Control"]);
        foreach (string credentials in new[] { "ann:wrong", "bob:sécret", "ann:", ":", "ann", "", "ANN:sécret", "ann:sécret2" })
        {
            var other = SiteAnswer.To(_site, "GET", "/", [Field(credentials)]);
            Assert.Equal(none.Status, other.Status);
            Assert.Equal(none.Fields, other.Fields);
            Assert.Equal(none.Text, other.Text);
        }
    }

    [Theory]
    [InlineData("Authorization: Bearer YW5uOnPDqWNyZXQ=")]
    [InlineData("Authorization: Basic")]
    [InlineData("Authorization: Basic YW5uOnPDqWNyZXQ")]
    [InlineData("Authorization: Basic YW5u*nPDqWNyZXQ=")]
    [InlineData("Authorization: Basic YW5uOnPDqWNyZXQ= x")]
    public void What_is_no_Basic_credentials_lets_nobody_in(string field)
    {
        Assert.Equal(200, SiteAnswer.To(_site, "GET", "/", ["Authorization: Basic YW5uOnPDqWNyZXQ="]).Status);
        for (int i = 0; i <= LoginThrottle.Allowed; i++)
        {
            Assert.Equal(401, SiteAnswer.To(_site, "GET", "/", [field]).Status); // and is no try that failed
        }
    }

    [Fact]
    public void Two_fields_or_longer_credentials_than_any_let_nobody_in()
    {
        Assert.Equal(401, SiteAnswer.To(_site, "GET", "/", [Field("ann:sécret"), Field("ann:sécret")]).Status);
        Assert.Equal(401, Get("ann:" + new string('x', 2_000)).Status);
    }

    [Fact]
    public void Whatever_is_asked_for_and_however_the_password_comes_first()
    {
        foreach (string method in new[] { "GET", "HEAD", "POST", "OPTIONS", "DELETE", "PURGE" })
        {
            foreach (string target in new[] { "/", "/index.html", "/none", "/%", "/%00", "/..", "/.git" })
            {
                Assert.Equal((method, target, 401), (method, target, SiteAnswer.To(_site, method, target).Status));
            }
        }

        Assert.Equal(501, SiteAnswer.To(_site, "PURGE", "/", [Field("ann:sécret")]).Status);
        Assert.Equal(204, SiteAnswer.To(_site, "OPTIONS", "/", [Field("ann:sécret")]).Status);
    }

    [Fact]
    public void After_too_many_failed_tries_an_address_is_told_to_wait_even_where_it_then_guesses_right()
    {
        Assert.True(Ask("ann:sécret", 1).Admitted);
        for (int i = 0; i < LoginThrottle.Allowed; i++)
        {
            Assert.Equal(401, Ask("ann:wrong", 2).Status);
        }

        (bool admitted, int status, string text) = Ask("ann:sécret", 2);
        Assert.Equal((false, 429), (admitted, status));
        Assert.Matches("\r\nRetry-After: [1-6]\r\n", text);
        Assert.True(Ask("ann:sécret", 1).Admitted);
        Assert.Equal(401, Ask("ann:wrong", 1).Status);
    }

    [Fact]
    public void A_new_file_counts_at_once_when_it_is_reread_and_a_bad_one_not()
    {
        Assert.Equal(200, Get("ann:sécret").Status);
        WriteUsers("ann", "other");
        Assert.Equal(200, Get("ann:sécret").Status);
        Assert.True(_authentication.TryReread(out _));
        Assert.Equal(401, Get("ann:sécret").Status);
        Assert.Equal(200, Get("ann:other").Status);

        File.WriteAllText(_folder["../users"], "ann");
        Assert.False(_authentication.TryReread(out string? error));
        Assert.Contains("users:1: ", error);
        Assert.Equal(200, Get("ann:other").Status);
    }

    [Fact]
    public void Who_was_let_in_is_let_in_again_without_an_allocation()
    {
        byte[] request = Encoding.UTF8.GetBytes($"GET / HTTP/1.1\r\nHost: test\r\n{Field("ann:sécret")}\r\n\r\n");
        var head = new RequestHead();
        RequestParser.Parse(request, 0, request.Length, head);
        var response = new Response(new OutputBuffer(4096));
        SiteAnswer.Await(head, response, () => _authentication.Admits(head, response));
        Assert.True(_authentication.Admits(head, response));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _authentication.Admits(head, response);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static string Field(string credentials) =>
        "Authorization: Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));

    private void WriteUsers(string name, string password)
    {
        var hash = PasswordHash.Make(Encoding.UTF8.GetBytes(password), new byte[16], 1_000);
        File.WriteAllText(_folder["../users"], $"{name}:{hash}\n");
    }

    private (int Status, string Text) Get(string credentials)
    {
        var answer = SiteAnswer.To(_site, "GET", "/", [Field(credentials)]);
        return (answer.Status, answer.Text);
    }

    private (bool Admitted, int Status, string Text) Ask(string credentials, ulong network)
    {
        byte[] request = Encoding.UTF8.GetBytes($"GET / HTTP/1.1\r\nHost: test\r\n{Field(credentials)}\r\n\r\n");
        var head = new RequestHead { Client = new Client(network) };
        Assert.Equal(ParseStatus.Complete, RequestParser.Parse(request, 0, request.Length, head));
        var output = new OutputBuffer(4096);
        var response = new Response(output);
        response.Reset(isHeadRequest: false, 1, keepAlive: true, SiteAnswer.Now);
        bool admitted = false;
        SiteAnswer.Await(head, response, () => admitted = _authentication.Admits(head, response));
        return (admitted, response.Status, Encoding.UTF8.GetString(output.Written));
    }

    private sealed class Client(ulong network) : IClient
    {
        public ReadOnlySpan<byte> ServerName => default;

        public bool IsSecure => false;

        public System.Net.IPAddress? Address => null;

        public ulong Network => network;
    }
}
