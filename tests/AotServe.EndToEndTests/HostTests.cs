using System;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Several host names, and media types of one's own, on the native binary.</summary>
public sealed class HostTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_host_gets_its_folder_and_the_others_ROOT()
    {
        using ServerProcess server = Serve(Folder("root"), "--vhost", "Blog.example=" + Folder("blog"), "--vhost", "*.example=" + Folder("any"));

        Assert.Equal((200, "blog"), Ask(server, "blog.example"));
        Assert.Equal((200, "blog"), Ask(server, "BLOG.example.:8080"));
        Assert.Equal((200, "any"), Ask(server, "www.example"));
        Assert.Equal((200, "root"), Ask(server, "127.0.0.1"));
        Assert.Equal((200, "root"), Ask(server, "a.b.example"));
        Assert.Equal((200, "root"), AskWithoutHost(server));
    }

    [Fact]
    public void Strictly_other_hosts_are_misdirected()
    {
        using ServerProcess server = Serve(Folder("root"), "--vhost", "blog.example=" + Folder("blog"), "--strict-host");

        Assert.Equal((200, "blog"), Ask(server, "blog.example"));
        Assert.Equal(421, Ask(server, "www.example").Status);
        Assert.Equal(421, AskWithoutHost(server).Status);
    }

    [Fact]
    public void Without_ROOT_other_hosts_are_misdirected()
    {
        using ServerProcess server = Serve("--vhost", "[::1]=" + Folder("six"));

        Assert.Equal((200, "six"), Ask(server, "[::1]:7878"));
        Assert.Equal(421, Ask(server, "localhost").Status);
    }

    [Fact]
    public void Media_types_can_be_given()
    {
        _folder.Write("a.gmi", "#");
        _folder.Write("a.html", "<p>");
        _folder.Write("README", "#");
        using ServerProcess server = Serve(
            _folder.Root, "--mime", "gmi=text/gemini; charset=utf-8", "--mime", ".HTML=text/x-mine", "--default-type", "text/plain");
        using var client = new RawClient(server.Port);

        Assert.Equal("text/gemini; charset=utf-8", client.Get("/a.gmi")["Content-Type"]);
        Assert.Equal("text/x-mine", client.Get("/a.html")["Content-Type"]);
        Assert.Equal("text/plain", client.Get("/README")["Content-Type"]);
    }

    [Theory]
    [InlineData("--vhost", "a.example:80=/")]
    [InlineData("--vhost", "a.example=/no/such/folder")]
    [InlineData("--strict-host")]
    [InlineData("--mime", "html")]
    [InlineData("--default-type", "html")]
    [InlineData("--follow-symlinks", "maybe")]
    public void A_wrong_value_is_one_line_and_exit_code_2(params string[] arguments)
    {
        using var server = ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = arguments });

        Assert.Equal(2, server.WaitForOutput());
        Assert.Contains(arguments[0], Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    private ServerProcess Serve(params string[] arguments) => ServerProcess.Serve(published.Binary, arguments);

    private string Folder(string name)
    {
        _folder.Write(name + "/index.html", name);
        return _folder[name];
    }

    private static (int Status, string Text) Ask(ServerProcess server, string host)
    {
        using var client = new RawClient(server.Port);
        client.Send($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Answer answer = client.Read();
        return (answer.Status, answer.Text);
    }

    private static (int Status, string Text) AskWithoutHost(ServerProcess server)
    {
        using var client = new RawClient(server.Port);
        client.Send("GET / HTTP/1.0\r\n\r\n");
        Answer answer = client.Read();
        return (answer.Status, answer.Text);
    }
}
