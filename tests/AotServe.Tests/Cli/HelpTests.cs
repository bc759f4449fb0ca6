using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>What <c>--help</c> and the README say about the options.</summary>
public sealed class HelpTests
{
    private static readonly string Help = HelpText.Make();

    [Fact]
    public void The_help_fits_80_columns_and_ends_with_a_newline()
    {
        Assert.All(Help.Split('\n'), line => Assert.True(line.Length <= 80 && line.TrimEnd() == line, line));
        Assert.EndsWith("\n", Help);
        Assert.DoesNotContain("\n\n\n", Help);
        Assert.DoesNotContain('\r', Help);
    }

    [Fact]
    public void Every_option_has_one_line_beneath_its_groups_heading()
    {
        string[] lines = Help.Split('\n');
        foreach (Option option in OptionTable.All.ToArray().Where(option => !option.Hidden))
        {
            int at = Array.FindIndex(lines, line => line.StartsWith($"  --{option.Name} ", StringComparison.Ordinal) ||
                line.StartsWith($"  --{option.Name}, ", StringComparison.Ordinal) ||
                (option is ValueOption { BareValue: not null } value && line.StartsWith($"  --{option.Name}[={value.Placeholder}] ", StringComparison.Ordinal)));
            Assert.True(at >= 0, option.Name);
            Assert.Contains(option.Help.ToString(), lines[at]);
            Assert.Equal(option.Group + ":", lines.Take(at).Last(line => line.EndsWith(':') && !line.StartsWith(' ')));
        }
    }

    [Fact]
    public void Each_group_stands_together()
    {
        string[] groups = [.. OptionTable.All.ToArray().Select(option => option.Group)];
        int changes = groups.Zip(groups.Skip(1)).Count(pair => pair.First != pair.Second);
        Assert.Equal(groups.Distinct().Count(), changes + 1);
    }

    [Fact]
    public void Hidden_options_are_not_shown()
    {
        foreach (Option option in OptionTable.All.ToArray().Where(option => option.Hidden))
        {
            Assert.DoesNotContain(option.Name, Help);
        }
    }

    [Fact]
    public void The_defaults_it_shows_are_the_defaults()
    {
        string[] words = ["never", "no limit", "as many as descriptors allow"];
        int read = 0;
        foreach (Option option in OptionTable.All)
        {
            if (option is not ValueOption { Separators: null, ShownDefault: { } value } takesValue || words.Contains(value))
            {
                continue;
            }

            Assert.True(takesValue.TryRead(value, new ServerOptions(), out ServerOptions? options, out _));
            Assert.Equal(new ServerOptions(), options);
            read++;
        }

        Assert.True(read >= 13);
    }

    [Fact]
    public void Names_and_letters_are_each_used_once_and_well_formed()
    {
        Option[] all = OptionTable.All.ToArray();
        Assert.Equal(all.Length, all.Select(option => option.Name).Distinct().Count());
        char[] letters = [.. all.Select(option => option.Letter).Where(letter => letter != '\0')];
        Assert.Equal(letters.Length, letters.Distinct().Count());
        Assert.All(all, option => Assert.Matches("^[a-z]+(-[a-z]+)*$", option.Name));
        Assert.All(all, option => Assert.True(option is ValueOption or SwitchOption or PrintOption));
        Assert.All(all.OfType<ValueOption>(), option => Assert.NotEmpty(option.Placeholder));
        Assert.All(all, option => Assert.Equal("AOTSERVE_" + option.Name.ToUpperInvariant().Replace('-', '_'), option.Variable));
        Assert.Contains(all, option => option.Name == OptionTable.RootName);
    }

    [Fact]
    public void The_examples_in_the_help_parse()
    {
        string[] examples = [.. Help.Split('\n').Where(line => line.StartsWith("  aotserve", StringComparison.Ordinal))];
        Assert.Equal(3, examples.Length);
        foreach (string example in examples)
        {
            IEnumerable<string> words = example.Split("   ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1);
            string? error = CommandLine.Parse([.. words.Select(word => word == "/srv/www" ? "/" : word)], _ => null).Error;
            Assert.Null(error);
        }
    }

    [Fact]
    public void The_README_shows_the_options_of_the_help_word_for_word()
    {
        string readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        foreach (Option option in OptionTable.All.ToArray().Where(option => !option.Hidden))
        {
            Assert.Contains("--" + option.Name, readme);
        }

        int first = Help.IndexOf("Content:\n", StringComparison.Ordinal);
        int end = Help.IndexOf("\n--name VALUE", StringComparison.Ordinal);
        Assert.Contains("\n```text\n" + Help[first..end] + "```\n", readme);
    }
}
