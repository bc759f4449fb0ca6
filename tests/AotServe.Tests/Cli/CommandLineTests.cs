using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using AotServe.Cli;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>The command line and the environment, rule by rule. Roots have their own tests.</summary>
public sealed class CommandLineTests
{
    private static readonly Dictionary<string, string> NoVariables = [];

    [Fact]
    public void Nothing_given_means_the_defaults()
    {
        Assert.Equal(new ServerOptions(), Options());
        ServerOptions options = Options();
        Assert.Null(options.Root);
        Assert.Equal(7878, options.Listen.Port);
        Assert.Equal(4, options.Threads);
        Assert.Empty(options.Listen.Addresses);
        Assert.Null(options.ExitAfter);
        Assert.Equal(TimeSpan.FromSeconds(30), options.ShutdownTimeout);
        Assert.False(options.PortablePoller);
    }

    [Theory]
    [InlineData("--port", "8080")]
    [InlineData("--port=8080")]
    [InlineData("--port=1", "--port", "8080")]
    [InlineData("--port", "08080")]
    public void A_value_follows_its_option_or_an_equals_sign_and_the_last_counts(params string[] args) =>
        Assert.Equal(8080, Options(args).Listen.Port);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    [InlineData("65535", 65535)]
    public void A_port_is_0_to_65535(string value, int port) => Assert.Equal(port, Options("--port", value).Listen.Port);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("1024", 1024)]
    public void Threads_are_1_to_1024(string value, int threads) => Assert.Equal(threads, Options("--threads", value).Threads);

    [Theory]
    [InlineData("1", 1)]
    [InlineData("9223372036854775807", long.MaxValue)]
    public void Exit_after_counts_from_1(string value, long count) => Assert.Equal(count, Options("--exit-after", value).ExitAfter);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0.0", 0)]
    [InlineData("2.5", 2_500)]
    [InlineData("0.001", 1)]
    [InlineData("1.00199999999999999999999999", 1_001)]
    [InlineData("0.25", 250)]
    [InlineData("86400", 86_400_000)]
    [InlineData("86400.000", 86_400_000)]
    public void A_shutdown_timeout_is_in_seconds_with_decimals(string value, long milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Options("--shutdown-timeout", value).ShutdownTimeout);

    [Theory]
    [InlineData("epoll", false)]
    [InlineData("select", true)]
    public void The_poller_can_be_chosen(string value, bool portable) =>
        Assert.Equal(portable, Options("--poller", value).PortablePoller);

    [Fact]
    public void No_more_connections_are_taken_for_it_than_the_portable_poller_can_watch()
    {
        string most = SelectPoller.MostConnections.ToString(CultureInfo.InvariantCulture);
        string more = (SelectPoller.MostConnections + 1).ToString(CultureInfo.InvariantCulture);
        Assert.Equal(SelectPoller.MostConnections, Options("--poller", "select", "--max-connections", most).Limits.Connections);
        Assert.Equal(
            $"--max-connections: {more} is more than can be watched where there is no epoll; give {most} or less",
            Error("--poller", "select", "--max-connections", more));
        if (OperatingSystem.IsLinux())
        {
            Options("--max-connections", more);
        }
    }

    [Theory]
    [InlineData("--port", "65536")]
    [InlineData("--port", "-1")]
    [InlineData("--port", "+5")]
    [InlineData("--port", " 5")]
    [InlineData("--port", "5 ")]
    [InlineData("--port", "1e3")]
    [InlineData("--port", "0x50")]
    [InlineData("--port", "1,000")]
    [InlineData("--port", "8_0")]
    [InlineData("--port", "80.0")]
    [InlineData("--port", "٨٠")]
    [InlineData("--port", "８０")]
    [InlineData("--port", "http")]
    [InlineData("--port", "99999999999999999999999")]
    [InlineData("--port", "18446744073709551696")]
    [InlineData("--threads", "0")]
    [InlineData("--threads", "1025")]
    [InlineData("--threads", "4.0")]
    [InlineData("--threads", "four")]
    [InlineData("--exit-after", "0")]
    [InlineData("--exit-after", "9223372036854775808")]
    [InlineData("--exit-after", "-5")]
    [InlineData("--shutdown-timeout", "-1")]
    [InlineData("--shutdown-timeout", "86401")]
    [InlineData("--shutdown-timeout", "86400.1")]
    [InlineData("--shutdown-timeout", "1.")]
    [InlineData("--shutdown-timeout", ".5")]
    [InlineData("--shutdown-timeout", "1.5.0")]
    [InlineData("--shutdown-timeout", "1,5")]
    [InlineData("--shutdown-timeout", "30s")]
    [InlineData("--shutdown-timeout", "NaN")]
    [InlineData("--shutdown-timeout", "Infinity")]
    [InlineData("--poller", "kqueue")]
    [InlineData("--poller", "Epoll")]
    public void A_bad_value_is_named_and_the_error_says_what_is_right(string option, string value)
    {
        string error = Error(option, value);
        Assert.StartsWith($"{option}: '{value}' is not ", error);
        Assert.Equal(error, Error($"{option}={value}"));
    }

    [Fact]
    public void Errors_read_as_sentences()
    {
        Assert.Equal("--threads: '0' is not a number from 1 to 1024", Error("--threads", "0"));
        Assert.Equal("--port needs a value: a number from 0 to 65535", Error("--port"));
        Assert.Equal("unknown option '--prot'; did you mean --port?", Error("--prot", "80"));
        Assert.Equal("unknown option '--quux'; aotserve --help lists them all", Error("--quux"));
    }

    [Theory]
    [InlineData("--port")]
    [InlineData("--port=")]
    [InlineData("--port", "")]
    [InlineData("--port", "--threads")]
    [InlineData("--port", "--threads", "4")]
    [InlineData("--port", "--")]
    [InlineData("--port", "-x")]
    public void A_missing_value_is_an_error(params string[] args) =>
        Assert.Equal("--port needs a value: a number from 0 to 65535", Error(args));

    [Fact]
    public void Every_option_with_a_value_says_what_it_needs()
    {
        foreach (Option option in OptionTable.All)
        {
            if (option is ValueOption value)
            {
                Assert.Equal($"--{option.Name} needs a value: {value.Expects}", Error("--" + option.Name + (value.BareValue is null ? "" : "=")));
                Assert.False(string.IsNullOrEmpty(value.Expects));
            }
        }
    }

    [Theory]
    [InlineData("-p", "8080")]
    [InlineData("-p8080")]
    [InlineData("-p=8080")]
    public void The_commonest_options_have_a_letter(params string[] args) =>
        Assert.Equal(8080, Assert.IsType<ParsedCommand.Serve>(CommandLine.Parse(args, _ => null)).Options.Listen.Port);

    [Fact]
    public void What_Kubernetes_sets_for_a_service_of_that_name_is_passed_over()
    {
        ServerOptions options = Assert.IsType<ParsedCommand.Serve>(CommandLine.Parse(
            [], name => name == "AOTSERVE_PORT" ? "tcp://10.0.0.1:7878" : null)).Options;
        Assert.Equal(7878, options.Listen.Port);
        Assert.StartsWith("the variable AOTSERVE_PORT is passed over: 'tcp://10.0.0.1:7878'", Assert.Single(options.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_is_none_of_ours_is_named() => Assert.Equal(
        ["the variable 'AOTSERVE_PROT' sets nothing; did you mean AOTSERVE_PORT?",
            "the variable 'AOTSERVE_QUUX' sets nothing; aotserve --help lists the options"],
        ForeignVariables.Describe(
            ["AOTSERVE_PORT", "AOTSERVE_PROT", "AOTSERVE_QUUX", "AOTSERVE_OWN", "AOTSERVE_SERVICE_HOST", "AOTSERVE_SERVICE_PORT_HTTP",
                "AOTSERVE_PORT_7878_TCP", "AOTSERVE_PORT_7878_TCP_ADDR"],
            ["AOTSERVE_OWN"]));

    [Theory]
    [InlineData("http://127.0.0.1:80/healthz", "127.0.0.1", 80, "/healthz")]
    [InlineData("http://[::1]:81", "::1", 81, "/")]
    [InlineData("http://localhost?x", null, 80, "/?x")]
    [InlineData(null, null, 7878, "/")]
    public void A_health_check_takes_a_URL(string? url, string? address, int port, string target)
    {
        HealthCheckUrl parsed = Assert.IsType<ParsedCommand.HealthCheck>(
            CommandLine.Parse(url is null ? ["healthcheck"] : ["healthcheck", url], _ => null)).Url;
        Assert.Equal((address, port, target), (parsed.Address?.ToString(), parsed.Port, parsed.Target));
    }

    [Fact]
    public void A_health_check_by_TLS_takes_a_build_with_it()
    {
        ParsedCommand.Invalid invalid = Assert.IsType<ParsedCommand.Invalid>(CommandLine.Parse(["healthcheck", "https://127.0.0.1/"], static _ => null));
        Assert.Equal("healthcheck: this aotserve was built without TLS; ./publish.sh --tls builds one with it", invalid.Error);
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("http://example.org/")]
    [InlineData("http://127.0.0.1:0/")]
    [InlineData("127.0.0.1")]
    [InlineData("http://127.0.0.1/a b")]
    public void A_URL_that_cannot_be_asked_for_is_refused(string url) =>
        Assert.StartsWith($"healthcheck: '{url}' is no URL that can be asked for;", Assert.IsType<ParsedCommand.Invalid>(CommandLine.Parse(["healthcheck", url], _ => null)).Error, StringComparison.Ordinal);

    [Theory]
    [InlineData("-port", "port")]
    [InlineData("--prot", "port")]
    [InlineData("--prt", "port")]
    [InlineData("--ports", "port")]
    [InlineData("--PORT", "port")]
    [InlineData("--Port", "port")]
    [InlineData("-P", "port")]
    [InlineData("-T", "threads")]
    [InlineData("--host", "bind")]
    [InlineData("--listen", "port")]
    [InlineData("--browse", "listing")]
    [InlineData("--directory", "root")]
    [InlineData("--workers=4", "threads")]
    [InlineData("--thread=8", "threads")]
    [InlineData("--exit_after", "exit-after")]
    [InlineData("--exitafter", "exit-after")]
    [InlineData("--shutdown", "shutdown-timeout")]
    [InlineData("--boot", "root")]
    [InlineData("--bnid", "bind")]
    [InlineData("-help", "help")]
    [InlineData("---port", "port")]
    public void A_near_miss_is_answered_with_the_option_that_was_meant(string argument, string meant) =>
        Assert.EndsWith($"; did you mean --{meant}?", Error(argument));

    [Theory]
    [InlineData("--quux")]
    [InlineData("-x")]
    [InlineData("--xy")]
    [InlineData("---")]
    [InlineData("-=")]
    [InlineData("--=5")]
    [InlineData("--polle")]
    [InlineData("--shutdown-timeout-and-then-some-more-of-it")]
    [InlineData("-5")]
    public void Where_nothing_is_near_the_help_is_named(string argument)
    {
        string error = Error(argument);
        Assert.StartsWith("unknown option ", error);
        Assert.EndsWith("; aotserve --help lists them all", error);
    }

    [Theory]
    [InlineData("--help=yes", "help")]
    [InlineData("-h=1", "help")]
    [InlineData("--version=", "version")]
    public void An_option_without_a_value_takes_none(string argument, string name) =>
        Assert.Equal($"--{name} takes no value; give it as --{name}", Error(argument));

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--port", "80", "--help")]
    [InlineData("--nonsense", "--help")]
    [InlineData("--port", "--help")]
    [InlineData("/nowhere", "-h", "--version", "--port=x")]
    public void Help_wins_over_everything_else(params string[] args) => Assert.Equal(HelpText.Make(), Output(args));

    [Theory]
    [InlineData("--version")]
    [InlineData("-V")]
    [InlineData("--threads", "0", "-V", "--help")]
    public void Version_wins_over_everything_else(params string[] args) =>
        Assert.Matches(@"\Aaotserve [0-9]+\.[0-9]+\.[0-9]+ \(net[0-9]+\.0, [a-z0-9-]+\)\n\z", Output(args));

    [Fact]
    public void The_version_is_the_assemblys() =>
        Assert.Equal(BuildInfo.Version, typeof(CommandLine).Assembly.GetName().Version!.ToString(3));

    [Fact]
    public void After_two_dashes_help_is_a_ROOT() => Assert.StartsWith("ROOT '--help' does not exist", Error("--", "--help"));

    [Fact]
    public void A_variable_sets_what_the_command_line_leaves_open()
    {
        ServerOptions options = Options(
            new Dictionary<string, string>
            {
                ["AOTSERVE_PORT"] = "81",
                ["AOTSERVE_THREADS"] = "2",
                ["AOTSERVE_EXIT_AFTER"] = "3",
                ["AOTSERVE_SHUTDOWN_TIMEOUT"] = "4.5",
                ["AOTSERVE_POLLER"] = "select",
            },
            "--threads", "9");
        Assert.Equal(81, options.Listen.Port);
        Assert.Equal(9, options.Threads);
        Assert.Equal(3, options.ExitAfter);
        Assert.Equal(TimeSpan.FromSeconds(4.5), options.ShutdownTimeout);
        Assert.True(options.PortablePoller);
    }

    [Fact]
    public void A_bad_variable_is_named() =>
        Assert.Equal("AOTSERVE_PORT: 'x' is not a number from 0 to 65535", Parse(new() { ["AOTSERVE_PORT"] = "x" }).Error);

    [Fact]
    public void A_bad_variable_that_the_command_line_overrides_is_not_looked_at() =>
        Assert.Equal(80, Options(new Dictionary<string, string> { ["AOTSERVE_PORT"] = "x" }, "--port", "80").Listen.Port);

    [Fact]
    public void An_empty_variable_counts_as_not_set()
    {
        Dictionary<string, string> empty = [];
        foreach (Option option in OptionTable.All)
        {
            empty[option.Variable] = "";
        }

        Assert.Equal(new ServerOptions(), Options(empty));
    }

    [Fact]
    public void Variables_of_no_option_are_not_looked_at() =>
        Assert.Equal(new ServerOptions(), Options(new Dictionary<string, string> { ["AOTSERVE_PROT"] = "x", ["AOTSERVE_HELP"] = "1", ["AOTSERVE_VERSION"] = "1" }));

    [Fact]
    public void Each_variable_is_looked_up_once_and_none_that_is_not_needed()
    {
        List<string> asked = [];
        CommandLine.Parse(["--port", "80"], name => { asked.Add(name); return null; });
        Assert.Equal(
            OptionTable.All.ToArray().Where(option => option is not PrintOption && option.Name != "port").Select(option => option.Variable),
            asked);
    }

    [Theory]
    [InlineData("a\nb", @"'a\u{000A}b'")]
    [InlineData("\r\t\0", @"'\u{000D}\u{0009}\u{0000}'")]
    [InlineData("\u001b[31m", @"'\u{001B}[31m'")]
    [InlineData("\u007f\u0085\u2028\u2029", @"'\u{007F}\u{0085}\u{2028}\u{2029}'")]
    [InlineData("\u202egpj", @"'\u{202E}gpj'")]
    [InlineData("\U000E0041", @"'\u{E0041}'")]
    [InlineData("Grüße 日本 😀 C:\\www", "'Grüße 日本 😀 C:\\www'")]
    public void What_a_user_typed_is_shown_on_one_line_with_nothing_hidden(string typed, string shown)
    {
        Assert.Equal(shown, Quoted.Text(typed));
        Assert.Equal($"--port: {shown} is not a number from 0 to 65535", Error("--port", typed));
    }

    [Fact]
    public void Half_a_character_is_shown_as_a_replacement() => Assert.Equal("'a\ufffdb'", Quoted.Text("a\ud800b"));

    [Fact]
    public void What_a_user_typed_is_cut_where_it_is_long()
    {
        string error = Error("--port", new string('9', 100_000));
        Assert.InRange(error.Length, 200, 400);
        Assert.Contains("9…' is not", error);
    }

    private static ServerOptions Options(params string[] args) => Options(NoVariables, args);

    private static ServerOptions Options(Dictionary<string, string> variables, params string[] args)
    {
        ParsedCommand result = Parse(variables, args);
        Assert.Null(result.Error);
        Assert.Null(result.Output);
        return result.Options!;
    }

    private static string Error(params string[] args)
    {
        ParsedCommand result = Parse(NoVariables, args);
        Assert.Null(result.Options);
        Assert.Null(result.Output);
        return result.Error!;
    }

    private static string Output(params string[] args)
    {
        ParsedCommand result = Parse(NoVariables, args);
        Assert.Null(result.Options);
        Assert.Null(result.Error);
        return result.Output!;
    }

    private static ParsedCommand Parse(Dictionary<string, string> variables, params string[] args) =>
        CommandLine.Parse(args, name => variables.GetValueOrDefault(name));
}
