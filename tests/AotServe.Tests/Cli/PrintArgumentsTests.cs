using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>What follows <c>print</c>.</summary>
public sealed class PrintArgumentsTests
{
    private static string Folder => Path.TrimEndingDirectorySeparator(Path.GetTempPath());

    [Theory]
    [InlineData("man", "ManPage")]
    [InlineData("completions bash", "BashCompletions")]
    [InlineData("completions zsh", "ZshCompletions")]
    [InlineData("completions fish", "FishCompletions")]
    [InlineData("unit", "ServiceUnit")]
    [InlineData("socket", "SocketUnit")]
    [InlineData("dockerfile", "Dockerfile")]
    public void Each_text_has_its_name(string arguments, string what) =>
        Assert.Equal(what, Assert.IsType<ParsedCommand.PrintText>(Parse(["print", .. arguments.Split(' ')])).What.ToString());

    [Theory]
    [InlineData("", "print needs to be told what: man, completions bash|zsh|fish, unit, socket or dockerfile; a folder of that name is served as ./print")]
    [InlineData("mann", "print: 'mann' cannot be printed; give man, completions bash|zsh|fish, unit, socket or dockerfile")]
    [InlineData("completions", "print completions needs a shell: bash, zsh or fish")]
    [InlineData("completions tcsh", "print completions: 'tcsh' is no shell that there are any for; give bash, zsh or fish")]
    [InlineData("completions bash zsh", "print completions takes no 'zsh'; options are for unit, socket and dockerfile")]
    [InlineData("man --port", "print man takes no '--port'; options are for unit, socket and dockerfile")]
    [InlineData("unit --port x", "--port: 'x' is not a number from 0 to 65535")]
    [InlineData("unit /no/such/folder", "ROOT '/no/such/folder' does not exist; give a folder to serve, or none for the built-in site")]
    [InlineData("dockerfile --strict-host", "--strict-host refuses all hosts that no --vhost names; give a --vhost")]
    [InlineData("socket --prot 1", "unknown option '--prot'; did you mean --port?")]
    public void What_is_wrong_is_said_with_what_would_be_right(string arguments, string error) =>
        Assert.Equal(error, Parse(["print", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Error);

    [Fact]
    public void Options_are_read_as_at_a_start_and_recorded_in_their_order()
    {
        ParsedCommand.PrintText print = Assert.IsType<ParsedCommand.PrintText>(Parse(["print", "unit", "-p80", Folder, "--listing", "--bind=::1", "--cors"]));
        ServerOptions start = Parse([Folder, "-p80", "--listing", "--bind=::1", "--cors"]).Options!;
        Assert.Equal(start.Root, print.Options.Root);
        Assert.Equal(start.Listen.Port, print.Options.Listen.Port);
        Assert.Equal(["port 80", "listing ", "bind ::1", "cors *"], print.Given.Select(option => $"{option.Option.Name} {option.Value}"));
    }

    [Fact]
    public void The_environment_is_not_read_for_it_is_not_the_services()
    {
        ParsedCommand parsed = CommandLine.Parse(["print", "unit"], name => name == "AOTSERVE_PORT" ? "nonsense" : null);
        Assert.Equal(7878, parsed.Options?.Listen.Port);
    }

    [Fact]
    public void A_folder_that_systemd_makes_may_be_missing_in_a_unit_and_nowhere_else()
    {
        string[] socket = ["--bind", "unix:/run/aotserve-none/http.sock"];
        string[] log = ["--access-log", "/var/log/aotserve-none/access.log"];
        string[] deeper = ["--access-log", "/var/log/aotserve-none/a/access.log"];
        Assert.Equal("/run/aotserve-none/http.sock", Assert.Single(Parse(["print", "socket", .. socket]).Options!.Listen.UnixPaths));
        Assert.Equal("/var/log/aotserve-none/access.log", Parse(["print", "unit", .. log]).Options!.AccessLog.File);
        Assert.All([["print", "unit", .. deeper], ["print", "dockerfile", .. log], ["check", .. log], (string[])[.. socket]], arguments =>
            Assert.Contains("in a folder that does not exist", Parse(arguments).Error));
    }

    [Fact]
    public void Help_goes_before_and_only_the_first_argument_is_a_command()
    {
        Assert.NotNull(Parse(["print", "nonsense", "--help"]).Output);
        Assert.Contains("ROOT './print'", Parse(["./print"]).Error);
        Assert.Contains("ROOT 'print'", Parse(["--port", "1", "print"]).Error);
        Assert.EndsWith("did you mean 'aotserve print'?", Parse(["pritn"]).Error);
    }

    [Fact]
    public void The_table_of_commands_names_all_of_them_and_what_they_take_parses()
    {
        Assert.Equal([CommandName.Check, CommandName.HashPassword, CommandName.HealthCheck, CommandName.Print], CommandTable.All.ToArray().Select(command => command.Name));
        Assert.All(CommandTable.All.ToArray(), command => Assert.Contains($"aotserve {command.Name} {command.Takes}\n", HelpText.Make()));
        foreach (string what in CommandTable.Printable.Split(' '))
        {
            IEnumerable<string> shells = what == "completions" ? CommandTable.Shells.Split(' ') : [""];
            Assert.All(shells, shell => Assert.Null(Parse(["print", what, .. shell.Split(' ', StringSplitOptions.RemoveEmptyEntries)]).Error));
        }
    }

    private static ParsedCommand Parse(string[] arguments) => CommandLine.Parse(arguments, _ => null);
}
