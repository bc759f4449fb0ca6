using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// <c>print</c>: what the native binary prints is taken by the programs that it is for, where these are installed. Completions
/// are run, too.
/// </summary>
public sealed class PrintTests : IDisposable
{
    private readonly PublishedServer _published;
    private readonly TemporaryFolder _folder = new();

    public PrintTests(PublishedServer published)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The programs are those of Unix.");
        _published = published;
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Man_shows_the_page_without_a_warning()
    {
        Tool.Require("man");
        string page = _folder.Write("aotserve.8", Print("man"));
        (int code, string shown, string error) = Tool.Run("man", "-l", "--warnings", page);
        Assert.Equal((0, ""), (code, error));
        Assert.SkipUnless(shown.Contains("NAME", StringComparison.Ordinal), "man is here, but shows no page (a small image without groff?).");

        // Bold is struck over: a character, a backspace, and the same character.
        shown = Regex.Replace(shown, ".\b", "");
        foreach (string expected in new[] { "aotserve - serve a folder over HTTP", "--header 'NAME: VALUE'", "-p, --port N", "Default: 7878.", "aotserve /srv/www --port 80" })
        {
            Assert.Contains(expected, shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bash_takes_its_completions_and_completes()
    {
        Tool.Require("bash");
        Directory.CreateDirectory(_folder["a folder"]);
        string script = _folder.Write("completions", Print("completions", "bash"));
        Assert.Equal((0, "", ""), Tool.Run("bash", "-n", script));
        const string Complete = """source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aotserve; printf '%s\n' "${COMPREPLY[@]}" """;
        string[] After(params string[] words) => Lines(Tool.RunIn(_folder.Root, "bash", ["-c", Complete, "bash", script, "aotserve", .. words]));

        AssertCompletes(line => After(line.Split(' ')));
        Assert.Equal(["never"], After("--follow-symlinks", "=", "n"));
        Assert.Equal(["never", "beneath", "always"], After("--follow-symlinks", "="));
    }

    [Fact]
    public void Fish_takes_its_completions_and_completes()
    {
        Tool.Require("fish");
        Directory.CreateDirectory(_folder["a folder"]);
        string script = _folder.Write("completions", Print("completions", "fish"));
        Assert.Equal((0, "", ""), Tool.Run("fish", "-n", script));
        string[] After(string line) =>
            [.. Lines(Tool.RunIn(_folder.Root, "fish", "--no-config", "-c", "source $argv[1]; complete -C $argv[2]", script, "aotserve " + line))
                .Select(found => found.Split('\t')[0].TrimEnd('/'))];

        AssertCompletes(After);
        Assert.Equal(["--follow-symlinks=never"], After("--follow-symlinks=n"));
    }

    [Fact]
    public void Zsh_takes_its_completions_and_completes()
    {
        Tool.Require("zsh");
        Directory.CreateDirectory(_folder["a folder"]);
        string script = _folder.Write("fpath/_aotserve", Print("completions", "zsh"));
        Assert.Equal((0, "", ""), Tool.Run("zsh", "-n", script));

        // Completion works on a terminal only, which zpty makes. The end is told once the list is shown.
        string driver = _folder.Write("driver.zsh", """
            zmodload zsh/zpty || exit 3
            fpath=($1 $fpath)
            zpty shell zsh -f -i
            zpty -w shell "PS1= PS2=; cd ${(q)2}; fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=1000 LINES=500 COLUMNS=300; unset zle_bracketed_paste; unsetopt list_beep; list() { zle list-choices; zle -R; print -r -- DO''NE }; zle -N list; bindkey '^I' list; print REA''DY"
            zpty -r -m shell out '*READY*'
            zpty -w -n shell "$3"$'\t'
            zpty -r -m shell out '*DONE*'
            print -r -- $out
            zpty -d shell
            """);
        string[] After(string line)
        {
            (int code, string output, string error) = Tool.RunIn(_folder.Root, "timeout", "20", "zsh", "-f", driver, _folder["fpath"], _folder.Root, "aotserve " + line);
            Assert.SkipWhen(code == 3, "This zsh has no zpty.");
            Assert.True(code == 0, output + error);
            return Regex.Split(Regex.Replace(output, "\e\\[[0-9;?]*[A-Za-z]", "\n").Replace("\\ ", "_", StringComparison.Ordinal), @"\s+");
        }

        AssertOffers(["check", "hash-password", "healthcheck", "print"], After(""));
        AssertOffers(["man", "completions", "unit", "socket", "dockerfile"], After("print "));
        AssertOffers(["bash", "zsh", "fish"], After("print completions "));
        AssertOffers(["never", "beneath", "always"], After("print unit --follow-symlinks "));
        AssertOffers(["--log-format", "--log-skip"], After("check --log"));
        Assert.Contains(After("print unit "), word => word.StartsWith("a_folder", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData]
    [InlineData("--port", "80", "--user", "www-data:www-data", "--header", "X-A: \"50%\" of $HOME \\ ;")]
    [InlineData("--bind", "unix:/run/aotserve/http.sock", "--access-log", "/var/log/aotserve/access.log", "--shutdown-timeout", "600", "--bind", "127.0.0.1", "--bind", "::1")]
    public void Systemd_takes_the_units(params string[] arguments)
    {
        Tool.Require("systemd-analyze");
        Directory.CreateDirectory(_folder["units"]);
        Directory.CreateDirectory(_folder["a \"%h\" $folder"]);
        string unit = Print(["unit", _folder["a \"%h\" $folder"], .. arguments]);
        Assert.Matches($"(?m)^ExecStart={Regex.Escape(_published.Binary)} \"{Regex.Escape(_folder.Root)}/a \\\\\"%%h\\\\\" \\$\\$folder\"( .*)?$", unit);

        // The unit says itself what this takes.
        string version = Tool.Run("systemd-analyze", "--version").Out.Split(' ')[1];
        if (int.TryParse(new string([.. version.TakeWhile(char.IsAsciiDigit)]), CultureInfo.InvariantCulture, out int number) && number < 253)
        {
            unit = unit.Replace("Type=notify-reload", "Type=notify\nExecReload=kill -HUP $MAINPID", StringComparison.Ordinal);
        }

        string service = _folder.Write("units/aotserve.service", unit);
        string socket = _folder.Write("units/aotserve.socket", Print(["socket", .. arguments]));
        Assert.Equal((0, "", ""), Tool.Run("systemd-analyze", "verify", "--man=no", service, socket));
    }

    [Fact]
    public void The_command_of_a_dockerfile_serves_what_it_copies()
    {
        _folder.Write("www/index.html", "page");
        (int code, string file, string error) = Tool.RunIn(_folder.Root, _published.Binary, "print", "dockerfile", _folder["www"], "--bind", "127.0.0.1", "--port", "0");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("COPY www /www\n", file, StringComparison.Ordinal);
        string command = file.Split('\n').Single(line => line.StartsWith("CMD ", StringComparison.Ordinal))[4..];
        string[] arguments = System.Text.Json.JsonSerializer.Deserialize<string[]>(command)!;
        using var server = ServerProcess.Serve(new ServerStart { Binary = _published.Binary, Arguments = [_folder["www"], .. arguments.Skip(1)] });
        using var client = new RawClient(server.Port);
        Assert.Equal("page", client.Get("/").Text);
    }

    [Theory]
    [InlineData("print")]
    [InlineData("print", "page")]
    [InlineData("print", "completions", "csh")]
    [InlineData("print", "man", "--port", "1")]
    [InlineData("print", "unit", "/no/such/folder")]
    [InlineData("print", "unit", "--user", "a b")]
    [InlineData("print", "socket", "--port", "0")]
    [InlineData("print", "dockerfile", "--user", "ann")]
    public void What_cannot_be_printed_is_an_error_of_one_line(params string[] arguments)
    {
        (int code, string output, string error) = Tool.Run(_published.Binary, arguments);
        Assert.Equal((2, ""), (code, output));
        Assert.Matches(@"^[^\n]*aotserve: [^\n]+\n$", error);
    }

    [Fact]
    public void A_program_behind_a_link_starts_by_the_link()
    {
        _folder.Link("server", _published.Binary);
        (int code, string unit, string _) = Tool.Run(_folder["server"], "print", "unit");
        Assert.Equal(0, code);
        Assert.Contains($"\nExecStart={_folder["server"]}\n", unit, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_of_that_name_is_served_by_its_path()
    {
        Directory.CreateDirectory(_folder["print"]);
        using var server = ServerProcess.Serve(_published.Binary, _folder["print"]);
        Assert.Contains(_folder["print"], server.ReadyLine, StringComparison.Ordinal);
    }

    /// <summary>What every shell completes alike.</summary>
    private static void AssertCompletes(Func<string, string[]> after)
    {
        AssertOffers(["check", "hash-password", "healthcheck", "print", "a folder"], after(""));
        Assert.Equal(["print"], after("pr"));
        Assert.Equal(["completions", "dockerfile", "man", "socket", "unit"], after("print ").Order(StringComparer.Ordinal));
        Assert.Equal(["bash", "fish", "zsh"], after("print completions ").Order(StringComparer.Ordinal));
        Assert.Equal(["always", "beneath", "never"], after("print unit --follow-symlinks ").Order(StringComparer.Ordinal));
        Assert.Equal(["--log-format", "--log-skip"], after("check --log").Order(StringComparer.Ordinal));
        Assert.Equal(["a folder"], after("check a"));
        Assert.Equal(["a folder"], after("--root a"));
        Assert.Equal(["completions"], after("--auth-file comp"));
        Assert.Equal(["--user"], after("hash-password --"));
        Assert.Empty(after("--port "));
        Assert.Empty(after("--poll"));
    }

    private static void AssertOffers(string[] words, string[] offered) => Assert.Empty(words.Except(offered));

    private static string[] Lines((int Code, string Out, string Error) result)
    {
        Assert.Equal((0, ""), (result.Code, result.Error));
        return result.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Print(params string[] arguments)
    {
        (int code, string output, string error) = Tool.Run(_published.Binary, ["print", .. arguments]);

        // Tests lie where a service does not see them, which is noted.
        Assert.True(code == 0 && error.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(line => line.Contains("the service does not see", StringComparison.Ordinal)), error);
        return output;
    }
}
