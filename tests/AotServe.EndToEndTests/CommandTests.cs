using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary><c>check</c> and <c>hash-password</c>, on the native binary.</summary>
public sealed class CommandTests(PublishedServer published) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Check_tells_of_Unix_sockets_and_of_the_log_and_leaves_neither()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no Unix sockets here.");
        using ServerProcess check = Run(
            "check", "--bind", "127.0.0.1", "--bind", "unix:" + _folder["s"], "--admin", "[::1]:9090", "--access-log", _folder["log"]);
        Assert.Equal(0, check.WaitForOutput());
        Assert.Contains($"  listen  on port 7878 of 127.0.0.1 and unix:{_folder["s"]}, with 4 threads", check.Stdout);
        Assert.Contains("  listen  for operators on [::1]:9090", check.Stdout);
        Assert.Contains($"  log     to {_folder["log"]}", check.Stdout);
        Assert.Empty(System.IO.Directory.EnumerateFileSystemEntries(_folder.Root));
        using ServerProcess impossible = Run("check", "--access-log", "/proc/log");
        Assert.Equal(2, impossible.WaitForOutput());
        Assert.StartsWith("aotserve: --access-log: '/proc/log' cannot be written to: ", Assert.Single(impossible.Stderr), StringComparison.Ordinal);
    }

    [Fact]
    public void A_check_says_what_would_be_served_and_listens_nowhere()
    {
        _folder.Write("www/index.html", "page");
        using var taken = ServerProcess.Serve(published.Binary);
        using ServerProcess check = Run("check", _folder["www"], "--vhost", "a.example=" + _folder.Root, "--bind", "127.0.0.1",
            "--port", taken.Port.ToString(), "--hide", "*.bak", "--mime", "gmi=text/gemini");

        Assert.Equal(0, check.WaitForOutput()); // where a start would end with 1: the port is taken
        Assert.Empty(check.Stderr);
        string said = string.Join('\n', check.Stdout);
        foreach (string? part in new[] { _folder["www"], "a.example", $"port {taken.Port} of 127.0.0.1", "*.bak", "gmi", "beneath" })
        {
            Assert.Contains(part, said, StringComparison.Ordinal);
        }

        using ServerProcess builtIn = Run("check");
        Assert.Equal(0, builtIn.WaitForOutput());
    }

    [Fact]
    public void A_check_fails_as_a_start_would()
    {
        string users = _folder.Write("users", "ann:secret");
        _folder.Write("rules/_redirects", "nonsense\n");
        string[][] wrong = [[_folder["rules"]], ["--vhost", "a.example=" + _folder["rules"]], [_folder["none"]], ["--port", "x"], [_folder.Root, "--auth-file", users], ["--strict-host"]];
        foreach (string[] arguments in wrong)
        {
            using ServerProcess check = Run(["check", .. arguments]);
            using ServerProcess start = Run(["--port=0", "--bind=127.0.0.1", .. arguments]);
            Assert.Equal(2, check.WaitForOutput());
            Assert.Equal(2, start.WaitForOutput());
            Assert.Empty(check.Stdout);
            Assert.Equal(start.Stderr, check.Stderr);
        }
    }

    [Fact]
    public void A_folder_with_the_name_of_a_command_is_served_by_its_path()
    {
        Directory.CreateDirectory(_folder["check"]);
        using var server = ServerProcess.Serve(published.Binary, _folder["check"]);
        Assert.Contains(_folder["check"], server.ReadyLine, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_from_stdin_becomes_a_line_that_lets_its_user_in()
    {
        (int code, string? line, string _) = Hash("sécret of some length\nnext line\n", "--user", "ann");
        Assert.Equal(0, code);
        Assert.Matches(@"^ann:\$pbkdf2-sha256\$i=600000\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}\n$", line);

        _folder.Write("www/index.html", "page");
        using var server = ServerProcess.Serve(published.Binary, _folder["www"], "--auth-file", _folder.Write("users", line));
        using var client = new RawClient(server.Port);
        string token = Convert.ToBase64String(Encoding.UTF8.GetBytes("ann:sécret of some length"));
        Assert.Equal("page", client.Get("/", "Authorization: Basic " + token).Text);
        Assert.Equal(401, client.Get("/", "Authorization: Basic " + token[..^4]).Status);
    }

    [Fact]
    public void Without_a_user_it_is_a_hash_alone_and_never_the_same()
    {
        string first = Hash("secret").Out;
        Assert.StartsWith("$pbkdf2-sha256$", first, StringComparison.Ordinal);
        Assert.NotEqual(first, Hash("secret\r\n").Out);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("a\tb\n")]
    [InlineData("secret\n", "--user", "a:b")]
    [InlineData("secret\n", "--user", "")]
    [InlineData("secret\n", "--port", "1")]
    public void What_cannot_be_sent_as_a_password_or_name_is_refused(string input, params string[] arguments)
    {
        (int code, string? output, string? error) = Hash(input, arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("aotserve: hash-password", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void On_a_terminal_it_asks_twice_and_shows_nothing_of_the_answers()
    {
        string shown = InTerminal("typed-secret\n", "typed-secret\n");
        Assert.Contains("Password: ", shown, StringComparison.Ordinal);
        Assert.Contains("Again", shown, StringComparison.Ordinal);
        Assert.Contains("ann:$pbkdf2-sha256$i=600000$", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("typed", shown, StringComparison.Ordinal);
        Assert.Contains("echo is on", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_different_passwords_make_nothing()
    {
        string shown = InTerminal("typed-secret\n", "typed-other\n");
        Assert.Contains("two different passwords", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("$pbkdf2", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("typed", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void After_an_interrupt_the_terminal_shows_again_what_is_typed()
    {
        string shown = InTerminal("\u0003");
        Assert.DoesNotContain("$pbkdf2", shown, StringComparison.Ordinal);
        Assert.Contains("echo is on", shown, StringComparison.Ordinal);
    }

    private ServerProcess Run(params string[] arguments) =>
        ServerProcess.Start(new ServerStart { Binary = published.Binary, Arguments = arguments });

    private (int Code, string Out, string Error) Hash(string input, params string[] arguments)
    {
        using Process process = Start(published.Binary, ["hash-password", .. arguments]);
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It had enough to complain about and did not read.
        }

        string output = process.StandardOutput.ReadToEnd();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(Eventually.Bound));
        return (process.ExitCode, output, error);
    }

    /// <summary>
    /// Runs the command on a terminal made by script(1), gives an answer to each question, and then has stty(1) say how the
    /// terminal was left. Returns all that was shown.
    /// </summary>
    private string InTerminal(params string[] answers)
    {
        bool found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "script")));
        Assert.SkipUnless(OperatingSystem.IsLinux() && found, "There is no script(1) to make a terminal.");
        string command = $"trap : INT; '{published.Binary}' hash-password --user ann; stty -a | grep -q -- ' -echo ' || echo echo is on";
        using Process process = Start("script", ["-qec", command, "/dev/null"]);
        using var bound = new Timer(_ => process.Kill(entireProcessTree: true), null, Eventually.Bound, Timeout.InfiniteTimeSpan);
        var shown = new StringBuilder();
        foreach (string answer in answers)
        {
            // Each question ends so, and is asked when the terminal hides what is typed.
            do
            {
                int read = process.StandardOutput.Read();
                Assert.True(read >= 0, $"It ended before it asked; it had shown: {shown}");
                shown.Append((char)read);
            }
            while (shown[^1] != ' ' || shown[^2] != ':');
            process.StandardInput.Write(answer);
            process.StandardInput.Flush();
        }

        shown.Append(process.StandardOutput.ReadToEnd());
        Assert.True(process.WaitForExit(Eventually.Bound));
        return shown.ToString();
    }

    private static Process Start(string file, string[] arguments)
    {
        var info = new ProcessStartInfo(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        };
        return Process.Start(info)!;
    }
}
