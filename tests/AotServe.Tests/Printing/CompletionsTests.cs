using System;
using System.Linq;
using AotServe.Cli;
using AotServe.Printing;
using Xunit;

namespace AotServe.Tests.Printing;

/// <summary>The completions name everything that the command line takes, and nothing else. The end-to-end tests run them.</summary>
public sealed class CompletionsTests
{
    private static readonly string Bash = BashCompletions.Make();
    private static readonly string Zsh = ZshCompletions.Make();
    private static readonly string Fish = FishCompletions.Make();

    [Fact]
    public void Every_option_is_in_each_and_no_hidden_one()
    {
        foreach (Option option in OptionTable.All)
        {
            Assert.Equal(!option.Hidden, Bash.Contains($"--{option.Name} ") || Bash.Contains($"--{option.Name}'"));
            Assert.Equal(!option.Hidden, Zsh.Contains($"--{option.Name}[") || Zsh.Contains($"--{option.Name}=") || Zsh.Contains($"--{option.Name}}}"));
            Assert.Equal(!option.Hidden, Fish.Contains($" -l {option.Name} "));
            if (!option.Hidden)
            {
                Assert.Contains($"[{option.Help.ToString().Replace("'", "'\\''")}]", Zsh);
                Assert.Contains($" -d '{option.Help.ToString().Replace("'", "\\'")}'\n", Fish);
            }
        }
    }

    [Fact]
    public void Letters_are_in_those_that_can_show_them() => Assert.All(OptionTable.All.ToArray().Where(option => option.Letter != '\0'), option =>
    {
        Assert.Contains($"{{-{option.Letter}", Zsh);
        Assert.Contains($" -l {option.Name} -s {option.Letter} ", Fish);
    });

    [Fact]
    public void Commands_what_can_be_printed_and_the_shells_are_in_each()
    {
        string[] words = [.. CommandTable.All.ToArray().Select(command => command.Name), CommandTable.Printable, CommandTable.Shells];
        Assert.All([Bash, Zsh, Fish], script => Assert.All(words, word => Assert.Contains(word, script)));
    }

    [Fact]
    public void Values_of_which_there_are_a_few_are_right_and_complete()
    {
        int found = 0;
        foreach (Option option in OptionTable.All)
        {
            if (option is not ValueOption { Choices: { } choices } value)
            {
                continue;
            }

            found++;
            Assert.All([Bash, Zsh, Fish], script => Assert.Contains(choices, script));
            Assert.All(choices.Split(' '), choice =>
            {
                Assert.True(value.TryRead(choice, new ServerOptions(), out _, out string? error), error);
                Assert.Contains(choice, value.Expects);
            });
            Assert.Equal(value.Expects.Split([", ", " or "], StringSplitOptions.None), choices.Split(' '));
        }

        Assert.Equal(2, found);
    }

    [Fact]
    public void An_option_whose_value_is_a_path_offers_paths()
    {
        foreach (ValueOption option in OptionTable.All.ToArray().OfType<ValueOption>())
        {
            bool isFile = option.Placeholder == "FILE";
            bool isFolder = option.Placeholder == "DIR";
            Assert.Equal(isFile, option.PathForm == PathForm.File);
            Assert.Equal(isFolder, option.PathForm == PathForm.Folder);
            Assert.Equal(isFile, Zsh.Contains($"--{option.Name}=[{option.Help}]:FILE:_files'"));
            Assert.Equal(isFolder, Zsh.Contains($"--{option.Name}=[{option.Help}]:DIR:_files -/'"));
            Assert.Equal(isFile, Bash.Contains($"--{option.Name}) kind=-f"));
            Assert.Equal(isFolder, Bash.Contains($"--{option.Name}) kind=-d"));
            Assert.Equal(isFile, Fish.Contains($" -l {option.Name} -r -F"));
            Assert.Equal(isFolder, Fish.Contains($" -l {option.Name} -x -a '(__fish_complete_directories)'"));
            Assert.Equal(option.Expects.Contains("unix: and a path"), option.PathForm == PathForm.UnixSocket);
        }
    }
}
