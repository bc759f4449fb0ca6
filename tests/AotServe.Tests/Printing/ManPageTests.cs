using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.Cli;
using AotServe.Printing;
using AotServe.Tests.Cli;
using Xunit;

namespace AotServe.Tests.Printing;

/// <summary>The manual page: what it says, and that its source says it rightly.</summary>
public sealed class ManPageTests
{
    private static readonly string Page = ManPage.Make();

    [Fact]
    public void It_has_the_usual_sections_in_the_usual_order() => Assert.Equal(
        ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS", "ENVIRONMENT", "EXIT STATUS", "SIGNALS", "FILES", "EXAMPLES", "SEE ALSO"],
        Page.Split('\n').Where(line => line.StartsWith(".SH ", StringComparison.Ordinal)).Select(line => line[4..]));

    [Fact]
    public void Every_option_is_there_with_its_default_beneath_its_group_and_no_hidden_one()
    {
        string options = Page[Page.IndexOf(".SH OPTIONS", StringComparison.Ordinal)..Page.IndexOf(".SH ENVIRONMENT", StringComparison.Ordinal)];
        int at = 0;
        foreach (Option option in OptionTable.All)
        {
            string name = "\\fB" + Roffed("--" + option.Name) + "\\fR";
            if (option.Hidden)
            {
                Assert.DoesNotContain(name, options);
                continue;
            }

            int group = options.IndexOf($".SS {option.Group}\n", StringComparison.Ordinal);
            int entry = options.IndexOf(name, at, StringComparison.Ordinal);
            Assert.True(group >= 0 && entry > group, option.Name);
            at = entry + name.Length;
            string text = options[at..(options.IndexOf(".TP", at, StringComparison.Ordinal) is > 0 and var next ? next : options.Length)];
            Assert.Contains(Roffed(option.Help.ToString()[1..]), text);
            if (option is ValueOption { ShownDefault: { } value })
            {
                Assert.Contains($"Default: {Roffed(value)}.\n", text);
            }
        }
    }

    [Fact]
    public void Every_command_is_in_the_synopsis_and_described() => Assert.All(CommandTable.All.ToArray(), command =>
    {
        Assert.Contains($"\\fBaotserve {Roffed(command.Name)}\\fR {Roffed(command.Takes.ToString())}\n", Page);
        Assert.Contains($".TP\n\\fB{Roffed(command.Name)}\\fR {Roffed(command.Takes.ToString())}\n{Roffed(command.Details.ToString())}\n", Page);
    });

    [Theory]
    [InlineData("--port", @"\-\-port")]
    [InlineData(@"a\b", @"a\eb")]
    [InlineData(".TH x\n.y\nz.", "\\&.TH x\n\\&.y\nz.")]
    [InlineData("'x'", @"\(aqx\(aq")]
    [InlineData("`^~", @"\(ga\(ha\(ti")]
    public void Characters_that_roff_would_read_are_written_so_that_it_shows_them(string text, string source) => Assert.Equal(source, Roffed(text));

    [Fact]
    public void No_hyphen_is_left_that_a_shell_would_not_know_from_a_copy()
    {
        Assert.DoesNotContain('-', Page.Replace("\\-", ""));
        Assert.All(Page, c => Assert.True(c is '\n' or (>= ' ' and <= '~')));
        Assert.DoesNotContain(Page.Split('\n'), line => line.EndsWith(' ') || line.StartsWith('\''));
    }

    [Fact]
    public void Its_examples_parse()
    {
        string source = Page[Page.IndexOf(".SH EXAMPLES", StringComparison.Ordinal)..];
        string[] examples = [.. Regex.Matches(source, "^aotserve .*$", RegexOptions.Multiline).Select(match => match.Value.Replace("\\-", "-"))];
        Assert.Equal(4, examples.Length);
        foreach (string example in examples)
        {
            IEnumerable<string> words = example.Split(" >")[0].Split(' ').Skip(1).Select(word => word == "/srv/www" ? "/" : word);
            Assert.Null(CommandLine.Parse([.. words], _ => null).Error);
        }
    }

    private static string Roffed(string text) => new StringBuilder().AppendRoff(text).ToString();
}
