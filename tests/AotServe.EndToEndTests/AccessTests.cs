using System;
using System.IO;
using System.Linq;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;
using static AotServe.EndToEndTests.Harness.SignIn;

namespace AotServe.EndToEndTests;

/// <summary>Passwords, hidden names and symbolic links, on the native binary.</summary>
public sealed class AccessTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_who_knows_a_name_and_its_password_sees_anything()
    {
        _folder.Write("www/index.html", "page");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--auth-file", WriteUsers("users"));
        using var client = new RawClient(server.Port);

        Assert.Equal("page", client.Get("/", Credentials("ann", "sécret")).Text);
        Assert.Equal("page", client.Get("/", Credentials("ann", "sécret")).Text);
        Assert.Equal(404, client.Get("/none", Credentials("ann", "sécret")).Status);
        foreach (string? target in new[] { "/", "/none", "/%00", "/../x" })
        {
            Assert.Equal(401, client.Get(target).Status);
        }

        foreach (string? method in new[] { "HEAD", "OPTIONS", "POST", "PURGE" })
        {
            Assert.Equal(401, client.Request(method, "/").Status);
        }
    }

    [Fact]
    public void A_missing_field_a_wrong_password_and_an_unknown_user_get_the_same_answer()
    {
        _folder.Write("www/index.html", "page");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--auth-file", WriteUsers("users"));
        using var client = new RawClient(server.Port);

        Answer missing = client.Get("/");
        Assert.Equal("Basic realm=\"Restricted\", charset=\"UTF-8\"", missing["WWW-Authenticate"]);
        Assert.Equal("no-store", missing["Cache-Control"]);
        foreach (Answer? other in new[] { client.Get("/", Credentials("ann", "wrong")), client.Get("/", Credentials("bob", "sécret")) })
        {
            Assert.Equal(401, other.Status);
            Assert.Equal(missing.Fields.Where(field => field.Name != "Date"), other.Fields.Where(field => field.Name != "Date"));
            Assert.Equal(missing.Text, other.Text);
        }
    }

    [Fact]
    public void The_users_are_not_served_through_a_link_as_root_however_their_file_is_replaced()
    {
        _folder.Write("releases/1/index.html", "page");
        _folder.Link("current", "releases/1");
        string users = WriteUsers("releases/1/users");
        _folder.Link("releases/1/link", "users");
        using var server = ServerProcess.Serve(
            published.Binary, _folder["current"], "--auth-file", _folder["current/users"], "--cache-size", "0");
        using var client = new RawClient(server.Port);
        string credentials = Credentials("ann", "sécret");
        Assert.Equal("page", client.Get("/", credentials).Text);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(404, client.Get("/users", credentials).Status);
            Assert.Equal(404, client.Get("/link", credentials).Status);
            File.Copy(users, users + ".new", overwrite: true);
            File.Move(users + ".new", users, overwrite: true);
        }

        server.Signal(Posix.SIGHUP);
        Eventually.Holds(() => server.Stdout.Any(line => line.StartsWith("Reread the auth file", StringComparison.Ordinal)), "it is reread");
        Assert.Equal(404, client.Get("/users", credentials).Status);
        Assert.Equal("page", client.Get("/", credentials).Text);
    }

    [Fact]
    public void The_rules_of_a_hosts_folder_are_not_served_in_another_folder_that_holds_it()
    {
        _folder.Write("www/index.html", "page");
        _folder.Write("www/inner/index.html", "inner");
        _folder.Write("www/inner/_headers", "/*\n  X-Inner: 1");
        _folder.Write("www/secret.html.gz", "secret");
        _folder.Write("www/drafts/a.txt", "draft");
        _folder.Link("www/link", "inner");
        _folder.Link("www/shown", "drafts");
        using var server = ServerProcess.Serve(
            published.Binary, _folder["www"], "--vhost", $"inner.example={_folder["www/inner"]}", "--hide", "secret.html", "--hide", "/drafts");
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/link/").Status);
        Assert.All(
            ["/inner/_headers", "/link/_headers", "/secret.html.gz", "/shown/a.txt", "/drafts/a.txt"],
            path => Assert.Equal((path, 404), (path, client.Get(path).Status)));
    }

    [Fact]
    public void Too_many_wrong_passwords_are_answered_with_a_time_to_wait()
    {
        _folder.Write("www/index.html", "page");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--auth-file", WriteUsers("users"));
        using var client = new RawClient(server.Port);

        // One more try is given back every few seconds, however slow the machine: so not after a count of them.
        Answer answer;
        do
        {
            answer = client.Get("/", Credentials("ann", "wrong"));
        }
        while (answer.Status == 401);

        Assert.Equal(429, answer.Status);
        Assert.InRange(int.Parse(answer["Retry-After"]!), 1, 6);
        Assert.Equal(401, client.Get("/").Status);
    }

    [Fact]
    public void A_crowd_that_signs_in_at_once_is_let_in_or_asked_to_come_again()
    {
        _folder.Write("www/index.html", "page");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--auth-file", WriteUsers("users"), "--threads", "4");
        int[] statuses = new int[16];
        Thread[] threads = Enumerable.Range(0, statuses.Length).Select(i => new Thread(() =>
        {
            using var client = new RawClient(server.Port);
            while (statuses[i] is 0 or 503)
            {
                statuses[i] = client.Get("/", Credentials("ann", "sécret")).Status;
            }
        })).ToArray();
        foreach (Thread? thread in threads)
        {
            thread.Start();
        }

        Assert.All(threads, thread => Assert.True(thread.Join(Eventually.Bound)));
        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Fact]
    public void The_auth_file_is_not_served_where_it_lies_in_the_folder()
    {
        _folder.Write("www/index.html", "page");
        string users = WriteUsers("www/users.txt");
        File.CreateSymbolicLink(_folder["www/link.txt"], "users.txt");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--auth-file", users);
        using var client = new RawClient(server.Port);

        foreach (string? target in new[] { "/users.txt", "/link.txt" })
        {
            Assert.Equal(404, client.Get(target, Credentials("ann", "sécret")).Status);
        }

        // An editor writes another file and renames it.
        File.WriteAllText(_folder["new"], "new");
        File.Move(_folder["new"], users, overwrite: true);
        Assert.Equal(404, client.Get("/users.txt", Credentials("ann", "sécret")).Status);
    }

    [Fact]
    public void SIGHUP_rereads_the_users_and_a_bad_file_leaves_those_from_before()
    {
        _folder.Write("www/index.html", "page");
        string users = WriteUsers("users");
        using var server = ServerProcess.Serve(new ServerStart
        {
            Binary = "setsid", // without a terminal
            Arguments = [published.Binary, "--port", "0", "--bind", "127.0.0.1", _folder["www"], "--auth-file", users],
        });
        using var client = new RawClient(server.Port);
        Assert.Equal(200, client.Get("/", Credentials("ann", "sécret")).Status);

        File.WriteAllText(users, File.ReadAllText(users).Replace("ann:", "bob:"));
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line == "Reread the auth file: 1 users");
        Assert.Equal(401, client.Get("/", Credentials("ann", "sécret")).Status);
        Assert.Equal(200, client.Get("/", Credentials("bob", "sécret")).Status);

        File.WriteAllText(users, "bob");
        server.Signal(Posix.SIGHUP);
        server.AwaitLine(line => line.Contains("users:1: ") && line.EndsWith("the users from before stay"));
        Assert.Equal(200, client.Get("/", Credentials("bob", "sécret")).Status);
    }

    [Fact]
    public void Listings_and_compressed_siblings_leave_out_what_is_hidden_and_what_rules_say_still_holds()
    {
        _folder.Write("_headers", "/*\n  X-Rule: yes\n");
        _folder.Write("shown.html", "page");
        _folder.Write("shown.html.gz", "not really");
        _folder.Write("a.bak", "old");
        string users = WriteUsers("users.txt");
        using var server = ServerProcess.Serve(
            published.Binary, _folder.Root, "--listing", "--hide", "*.bak", "--hide", "*.gz", "--hide", "_*", "--auth-file", users);
        using var client = new RawClient(server.Port);

        Answer listing = client.Get("/", Credentials("ann", "sécret"), "Accept: application/json");
        Assert.Equal("yes", listing["X-Rule"]);
        Assert.Contains("shown.html", listing.Text, StringComparison.Ordinal);
        foreach (string? hidden in new[] { ".bak", ".gz", "users", "_headers" })
        {
            Assert.DoesNotContain(hidden, listing.Text, StringComparison.Ordinal);
        }

        Answer page = client.Get("/shown.html", Credentials("ann", "sécret"), "Accept-Encoding: gzip");
        Assert.Equal((null, "page"), (page["Content-Encoding"], page.Text));
    }

    [Fact]
    public void A_preflight_needs_no_password()
    {
        _folder.Write("www/index.html", "page");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--cors", "--auth-file", WriteUsers("users"));
        using var client = new RawClient(server.Port);

        string[] preflight = ["Origin: https://a.example", "Access-Control-Request-Method: GET"];
        Assert.Equal(204, client.Request("OPTIONS", "/", preflight).Status);
        Assert.Equal(401, client.Request("OPTIONS", "/", preflight[0]).Status);
        Assert.Equal(401, client.Get("/", preflight).Status);
    }

    [Theory]
    [InlineData("ann:secret", ":1: ")]
    [InlineData("# nobody", "no user")]
    [InlineData("nonsense", ":1: ")]
    public void A_bad_auth_file_keeps_the_server_from_starting(string text, string says)
    {
        string path = _folder.Write("users", text);
        using ServerProcess server = Start(_folder.Root, "--auth-file", path);

        Assert.Equal(2, server.WaitForOutput());
        string line = Assert.Single(server.Stderr);
        Assert.StartsWith($"aotserve: {path}", line, StringComparison.Ordinal);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_auth_file_keeps_the_server_from_starting()
    {
        using ServerProcess server = Start(_folder.Root, "--auth-file", _folder["none"]);
        Assert.Equal(2, server.WaitForOutput());
        Assert.Contains("no such file", Assert.Single(server.Stderr), StringComparison.Ordinal);
    }

    [Fact]
    public void Hidden_names_are_not_there()
    {
        _folder.Write("index.html", "page");
        _folder.Write("a/page.html.bak", "old");
        _folder.Write("drafts/x/index.html", "draft");
        _folder.Write("b/drafts/x.txt", "no draft");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--hide", "*.bak", "--hide", "/drafts/**");
        using var client = new RawClient(server.Port);

        Assert.Equal(200, client.Get("/").Status);
        Assert.Equal(200, client.Get("/b/drafts/x.txt").Status);
        Answer absent = client.Get("/none");
        foreach (string? target in new[] { "/a/page.html.bak", "/a/page.html%2Ebak", "/drafts/x/", "/drafts/x", "/b/../drafts/x/" })
        {
            Answer hidden = client.Get(target);
            Assert.Equal((404, absent.Text), (hidden.Status, hidden.Text));
        }
    }

    [Theory]
    [InlineData("never", 404, 404)]
    [InlineData("beneath", 200, 404)]
    [InlineData("always", 200, 200)]
    public void Symbolic_links_are_followed_as_far_as_they_may(string which, int inside, int outside)
    {
        _folder.Write("www/file.txt", "inside");
        _folder.Write("file.txt", "outside");
        File.CreateSymbolicLink(_folder["www/in"], "file.txt");
        File.CreateSymbolicLink(_folder["www/out"], "../file.txt");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--follow-symlinks", which);
        using var client = new RawClient(server.Port);

        Assert.Equal(200, client.Get("/file.txt").Status);
        Assert.Equal(inside, client.Get("/in").Status);
        Assert.Equal(outside, client.Get("/out").Status);
        Assert.Equal(400, client.Get("/../file.txt").Status);
    }

    [Fact]
    public void A_line_of_htpasswd_with_bcrypt_lets_its_user_in()
    {
        _folder.Write("www/a.txt", "a");
        // htpasswd -nbB -C 5 ann 'secret pw'
        string users = _folder.Write("users", "ann:$2y$05$xsQZ6mohOxN4n0ioH2p30Oew.MRS2uQrghh7plLub8IvgjBqm8dzK\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(users, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--auth-file", users);
        using var client = new RawClient(server.Port);
        Assert.Equal(401, client.Get("/a.txt").Status);
        Assert.Equal(401, client.Get("/a.txt", Credentials("ann", "secret")).Status);
        Assert.Equal(401, client.Get("/a.txt", Credentials("bob", "secret pw")).Status);
        Assert.Equal("a", client.Get("/a.txt", Credentials("ann", "secret pw")).Text);
    }

    [Theory]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("10.0.0.0/8", false)]
    public void Behind_a_trusted_proxy_who_guesses_does_not_lock_out_others(string proxies, bool isTrusted)
    {
        _folder.Write("www/a.txt", "a");
        using var server = ServerProcess.Serve(
            published.Binary, _folder["www"], "--auth-file", WriteUsers("users"), "--trusted-proxy", proxies, "--max-per-address", "1");
        using var client = new RawClient(server.Port);
        for (int i = 0; i < 12; i++)
        {
            // What the client sent itself is on the left.
            client.Get("/a.txt", Credentials("ann", $"wrong{i}"), $"X-Forwarded-For: 203.0.113.{i}, 192.0.2.1");
        }

        Assert.Equal(429, client.Get("/a.txt", Credentials("ann", "wrong"), "X-Forwarded-For: 192.0.2.1").Status);
        int status = client.Get("/a.txt", Credentials("ann", "sécret"), "X-Forwarded-For: 192.0.2.2").Status;
        Assert.Equal(isTrusted ? 200 : 429, status);

        // Connections are counted by address, but not those of a proxy.
        using var second = new RawClient(server.Port);
        Assert.Equal(isTrusted ? 401 : 429, second.Get("/a.txt", "X-Forwarded-For: 192.0.2.3").Status);
    }

    private ServerProcess Start(params string[] arguments) => ServerProcess.Start(new ServerStart
    {
        Binary = published.Binary,
        Arguments = ["--port", "0", "--bind", "127.0.0.1", .. arguments],
    });

    private string WriteUsers(string name) => SignIn.WriteUsers(_folder, name);
}
