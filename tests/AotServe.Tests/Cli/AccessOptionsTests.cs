using System.Collections.Generic;
using System.IO;
using AotServe.Cli;
using AotServe.Files;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>Access, host and media type options, and the commands.</summary>
public sealed class AccessOptionsTests
{
    private static readonly string Folder = Path.TrimEndingDirectorySeparator(Path.GetTempPath());

    [Fact]
    public void Each_option_is_read()
    {
        ServerOptions options = Options(
            Folder, "--auth-file", "users", "--hide", "*.bak", "--hide=/drafts/**", "--follow-symlinks", "always",
            "--vhost", $"a.example={Folder}", "--strict-host", "--mime", ".LOG=text/plain; charset=utf-8", "--default-type=text/plain");
        Assert.Equal(Path.GetFullPath("users"), options.AuthFile);
        Assert.Equal(["*.bak", "/drafts/**"], options.Hide);
        Assert.Equal(SymbolicLinks.Always, options.SymbolicLinks);
        Assert.Equal([new VirtualHost("a.example", Folder)], options.VirtualHosts);
        Assert.True(options.StrictHost);
        Assert.Equal(new Dictionary<string, string> { ["log"] = "text/plain; charset=utf-8" }, options.Site.MediaTypes);
        Assert.Equal("text/plain", options.Site.UnknownType);
    }

    [Fact]
    public void In_a_variable_what_is_repeatable_stands_a_value_a_line()
    {
        ServerOptions options = Parse([], new()
        {
            ["AOTSERVE_HIDE"] = "a b\n*, c\n",
            ["AOTSERVE_MIME"] = "log=text/plain; charset=utf-8\nx=y/z",
            ["AOTSERVE_VHOST"] = $"a.example={Folder}\nb.example={Folder}",
            ["AOTSERVE_STRICT_HOST"] = "1",
        }).Options!;
        Assert.Equal(["a b", "*, c"], options.Hide);
        Assert.Equal(2, options.Site.MediaTypes?.Count);
        Assert.Equal(2, options.VirtualHosts.Length);
        Assert.True(options.StrictHost);
    }

    [Theory]
    [InlineData("0", false)]
    [InlineData("1", true)]
    [InlineData("off", false)]
    [InlineData("True", true)]
    public void A_switch_is_off_or_on_in_its_variable(string value, bool on) => Assert.Equal(
        on, Parse(["--vhost", $"a.example={Folder}"], new() { ["AOTSERVE_STRICT_HOST"] = value }).Options!.StrictHost);

    [Theory]
    [InlineData("y")]
    [InlineData("2")]
    public void A_switchs_variable_takes_nothing_else(string value) =>
        Assert.Contains("is neither on nor off; give 1 or 0", Parse([], new() { ["AOTSERVE_STRICT_HOST"] = value }).Error);

    [Theory]
    [InlineData("WWW.Example.org.", "www.example.org")]
    [InlineData("*.example.org", "*.example.org")]
    [InlineData("localhost", "localhost")]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("[0:0:0:0:0:0:0:1]", "[::1]")]
    [InlineData("[2001:DB8::A]", "[2001:db8::a]")]
    [InlineData("xn--mnchen-3ya.example", "xn--mnchen-3ya.example")]
    [InlineData("my_host", "my_host")]
    public void A_host_is_brought_to_one_form(string typed, string host) =>
        Assert.Equal(host, Assert.Single(Options("--vhost", $"{typed}={Folder}").VirtualHosts).Host);

    [Theory]
    [InlineData("example.org:80", "with a port")]
    [InlineData("::1", "with a port")]
    [InlineData("[::1]:80", "no IPv6 address")]
    [InlineData("[::1", "no IPv6 address")]
    [InlineData("[", "no IPv6 address")]
    [InlineData("[fe80::1%2]", "no IPv6 address")]
    [InlineData("[127.0.0.1]", "no IPv6 address")]
    [InlineData("münchen.example", "xn--")]
    [InlineData("a..b", "no host name")]
    [InlineData("a-.b", "no host name")]
    [InlineData("*", "no host name")]
    [InlineData("*.", "no host name")]
    [InlineData("a.*.b", "no host name")]
    [InlineData(".", "no host name")]
    [InlineData("a b", "no host name")]
    [InlineData("a/b", "no host name")]
    public void What_is_no_host_is_refused(string host, string reason) => Assert.Contains(reason, Error("--vhost", $"{host}={Folder}"));

    [Theory]
    [InlineData("a.example", "is not a host name and a folder")]
    [InlineData("=x", "is not a host name and a folder")]
    [InlineData("a.example=", "is not a host name and a folder")]
    [InlineData("a.example=/does/not/exist", "names a folder that does not exist")]
    public void A_host_without_a_folder_is_refused(string value, string reason) => Assert.Contains(reason, Error("--vhost", value));

    [Fact]
    public void A_host_is_given_once() =>
        Assert.Contains("give each host once", Error("--vhost", $"a.example={Folder}", "--vhost", $"A.EXAMPLE.={Folder}"));

    [Theory]
    [InlineData("html", "is not an extension and a media type")]
    [InlineData("=text/plain", "is not an extension and a media type")]
    [InlineData("tar.gz=application/gzip", "begins with no extension")]
    [InlineData(".=application/gzip", "begins with no extension")]
    [InlineData("seventeen-letters=a/b", "begins with no extension")]
    [InlineData("x=", "ends in no media type")]
    [InlineData("x=text", "ends in no media type")]
    [InlineData("x=text/plain\r\nSet-Cookie: a=b", "ends in no media type")]
    [InlineData("x=text/plain;", "ends in no media type")]
    [InlineData("x=text/plain; charset", "ends in no media type")]
    [InlineData("x=text/plain; a=\"b", "ends in no media type")]
    [InlineData("x=text/plain; a=\"b\nc\"", "ends in no media type")]
    [InlineData("x=text/pläin", "ends in no media type")]
    public void What_is_no_extension_and_media_type_is_refused(string value, string reason) => Assert.Contains(reason, Error("--mime", value));

    [Theory]
    [InlineData("--default-type", "text")]
    [InlineData("--follow-symlinks", "sometimes")]
    [InlineData("--hide", "/")]
    [InlineData("--auth-file", "a\0b")]
    public void A_wrong_value_is_refused(string option, string value) => Assert.Contains(" is not ", Error(option, value));

    [Fact]
    public void Options_that_would_have_no_effect_are_refused()
    {
        Assert.Contains("--vhost", Error(Folder, "--strict-host"));
        Assert.Contains("ROOT", Error("--auth-file", "users"));
        Assert.Contains("takes no value", Error("--strict-host=1"));
    }

    [Fact]
    public void A_command_is_the_first_argument_and_spelt_exactly()
    {
        ParsedCommand check = Parse(["check", Folder, "--port", "1"], []);
        Assert.IsType<ParsedCommand.Check>(check);
        Assert.Equal((Folder, (int?)1), (check.Options?.Root, check.Options?.Listen.Port));
        Assert.IsType<ParsedCommand.Serve>(Parse([Folder], []));
        Assert.Contains("ROOT 'check'", Error("--port", "1", "check"));
        Assert.Contains("ROOT './check'", Error("./check"));
        Assert.NotNull(Parse(["check", "--help"], []).Output);
        Assert.NotNull(Parse(["hash-password", "--help"], []).Output);
    }

    [Theory]
    [InlineData("chekc", "did you mean 'aotserve check'?")]
    [InlineData("hash_password", "did you mean 'aotserve hash-password'?")]
    [InlineData("hashpassword", "did you mean 'aotserve hash-password'?")]
    public void A_root_that_is_nearly_a_command_is_asked_about(string root, string question) => Assert.EndsWith(question, Error(root));

    [Fact]
    public void A_password_is_hashed_for_a_user_or_for_nobody()
    {
        Assert.Null(Assert.IsType<ParsedCommand.HashPassword>(Parse(["hash-password"], [])).User);
        Assert.Equal("ann", Assert.IsType<ParsedCommand.HashPassword>(Parse(["hash-password", "--user", "ann"], [])).User);
        Assert.Equal("-x", Assert.IsType<ParsedCommand.HashPassword>(Parse(["hash-password", "--user=-x"], [])).User);
    }

    [Theory]
    [InlineData("--user")]
    [InlineData("secret")]
    [InlineData("--port", "1")]
    [InlineData("--user", "a", "--user", "b")]
    public void Hashing_takes_no_other_argument(params string[] args) => Assert.Contains("hash-password", Error(["hash-password", .. args]));

    private static ServerOptions Options(params string[] args)
    {
        ParsedCommand result = Parse(args, []);
        Assert.Null(result.Error);
        return result.Options!;
    }

    private static string Error(params string[] args) => Assert.IsType<string>(Parse(args, []).Error);

    private static ParsedCommand Parse(string[] args, Dictionary<string, string> variables) =>
        CommandLine.Parse(args, name => variables.GetValueOrDefault(name));
}
