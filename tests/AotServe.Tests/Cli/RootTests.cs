using System;
using System.Collections.Generic;
using System.IO;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>ROOT, <c>--root</c> and <c>AOTSERVE_ROOT</c>.</summary>
public sealed class RootTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aotserve-root-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_spelling_leads_to_the_full_path()
    {
        string www = Make("www");
        Assert.Equal(www, Root([], www));
        Assert.Equal(www, Root([], www + "/"));
        Assert.Equal(www, Root([], "--root", www));
        Assert.Equal(www, Root([], "--root=" + www));
        Assert.Equal(www, Root([], "--", www));
        Assert.Equal(www, Root([], Path.Combine(_folder, "other", "..", "www", ".")));
        Assert.Equal(www, Root(new() { ["AOTSERVE_ROOT"] = www }));
        Assert.Equal(www, Root([], Path.GetRelativePath(Environment.CurrentDirectory, www)));
    }

    [Fact]
    public void The_file_systems_root_can_be_served() => Assert.Equal(Path.GetPathRoot(_folder), Root([], Path.GetPathRoot(_folder)!));

    [Fact]
    public void A_folder_with_files_or_a_dangling_link_first_is_as_good_as_an_empty_one()
    {
        string full = Make("full");
        File.WriteAllText(Path.Combine(full, "page.html"), "page");
        Assert.Equal(full, Root([], full));

        string dangling = Make("dangling");
        File.CreateSymbolicLink(Path.Combine(dangling, "link"), Path.Combine(_folder, "nowhere"));
        Assert.Equal(dangling, Root([], dangling));
    }

    [Fact]
    public void A_link_to_a_folder_is_a_folder()
    {
        string link = Path.Combine(_folder, "link");
        Directory.CreateSymbolicLink(link, Make("target"));
        Assert.Equal(link, Root([], link));
    }

    [Fact]
    public void The_command_line_wins_over_the_variable()
    {
        string www = Make("www");
        Dictionary<string, string> elsewhere = new() { ["AOTSERVE_ROOT"] = Path.Combine(_folder, "nope") };
        Assert.Equal(www, Root(elsewhere, www));
        Assert.Equal(www, Root(elsewhere, "--root", www));
        Assert.StartsWith("AOTSERVE_ROOT: '", Parse(elsewhere).Error);
    }

    [Fact]
    public void What_does_not_exist_is_refused()
    {
        string nope = Path.Combine(_folder, "nope");
        Assert.Equal($"ROOT '{nope}' does not exist; give a folder to serve, or none for the built-in site", Parse([], nope).Error);
        Assert.Equal(
            $"--root: '{nope}' does not exist; give a folder to serve, or none for the built-in site",
            Parse([], "--root", nope).Error);
        Assert.StartsWith($"ROOT '{nope}/deeper' does not exist", Parse([], nope + "/deeper").Error);
        Assert.StartsWith("ROOT '-' does not exist", Parse([], "-").Error);
        Assert.StartsWith("ROOT 'a\\u{0000}b' does not exist", Parse([], "a\0b").Error);
        Assert.StartsWith("ROOT 'xxx", Parse([], new string('x', 100_000)).Error);
        Assert.StartsWith("ROOT '-x' does not exist", Parse([], "--", "-x").Error);
    }

    [Fact]
    public void A_file_is_no_ROOT()
    {
        string file = Path.Combine(_folder, "file.html");
        File.WriteAllText(file, "");
        Assert.Equal(
            $"ROOT '{file}' is a file, not a folder; give a folder to serve, or none for the built-in site",
            Parse([], file).Error);
        Assert.NotNull(Parse([], file + "/").Error);
        Assert.NotNull(Parse([], file + "/below").Error);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--", "")]
    public void An_empty_ROOT_is_an_error(params string[] args) => Assert.StartsWith("ROOT is empty; give a folder", Parse([], args).Error);

    [Fact]
    public void Two_ROOTs_are_an_error()
    {
        string www = Make("www");
        string other = Make("other");
        Assert.Equal($"ROOT is given twice, '{www}' and '{other}'; give one folder", Parse([], www, other).Error);
        Assert.StartsWith("ROOT is given twice", Parse([], www, "--", www).Error);
        Assert.Equal($"ROOT '{www}' and --root '{other}' differ; give one of them", Parse([], www, "--root", other).Error);
        Assert.Equal($"ROOT '{www}' and --root '{other}' differ; give one of them", Parse([], "--root", other, www).Error);
        Assert.Equal(www, Root([], www, "--root", www + "/"));
        Assert.Equal(www, Root([], "--root", other, "--root", www));
    }

    [Theory]
    [InlineData(UnixFileMode.None)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserExecute | UnixFileMode.UserWrite)]
    public void A_folder_that_may_not_be_read_and_searched_is_refused(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders have no mode there.");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "To this user everything is readable.");
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        foreach (string name in (string[])["empty", "full"])
        {
            string folder = Make(name);
            if (name == "full")
            {
                File.WriteAllText(Path.Combine(folder, "page.html"), "");
            }

            File.SetUnixFileMode(folder, mode);
            try
            {
                Assert.StartsWith($"ROOT '{folder}' may not be read", Parse([], folder).Error);
            }
            finally
            {
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;

    private static string? Root(Dictionary<string, string> variables, params string[] args)
    {
        ParsedCommand result = Parse(variables, args);
        Assert.Null(result.Error);
        return result.Options!.Root;
    }

    private static ParsedCommand Parse(Dictionary<string, string> variables, params string[] args) =>
        CommandLine.Parse(args, name => variables.GetValueOrDefault(name));
}
