using System.Collections.Generic;
using AotServe.Cli;
using AotServe.Sites;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>The options for folders and addresses.</summary>
public sealed class FolderOptionTests
{
    [Fact]
    public void Index_names_are_kept_in_their_order()
    {
        Assert.Equal(["index.html", "home page.htm"], Options(["--index", "index.html", "--index=home page.htm"]).Site.IndexNames);
        Assert.Equal(["a", "b"], Options([], ("AOTSERVE_INDEX", "a,b")).Site.IndexNames);
        Assert.Empty(Options([]).Site.IndexNames);
    }

    [Theory]
    [InlineData("a/b", "--index: 'a/b' is not a file's name without a slash, such as index.html")]
    [InlineData("/", "--index: '/' is not a file's name without a slash, such as index.html")]
    [InlineData(".index", "--index: '.index' begins with a dot, and such files are never served; give a name such as index.html")]
    [InlineData("..", "--index: '..' begins with a dot, and such files are never served; give a name such as index.html")]
    public void A_name_that_no_address_could_have_is_refused(string name, string error) => Assert.Equal(error, Error("--index", name));

    [Fact]
    public void A_name_longer_than_names_can_be_is_refused()
    {
        Assert.EndsWith("is longer than the 255 bytes that a file's name can have", Error("--index", new string('é', 128)));
        Assert.Single(Options(["--index", new string('é', 127)]).Site.IndexNames);
        Assert.EndsWith("is given twice; give each name once", Error("--index", "a", "--index", "a"));
    }

    [Fact]
    public void Switches_are_off_until_they_are_given()
    {
        FileSiteOptions none = Options([]).Site;
        Assert.False(none.Listing || none.CleanUrls || none.SinglePage);
        FileSiteOptions all = Options(["--listing", "--spa", "--clean-urls"]).Site;
        Assert.True(all.Listing && all.CleanUrls && all.SinglePage);
        Assert.True(Options([], ("AOTSERVE_CLEAN_URLS", "1")).Site.CleanUrls);
        Assert.False(Options([], ("AOTSERVE_CLEAN_URLS", "0")).Site.CleanUrls);
    }

    [Fact]
    public void A_switch_takes_no_value()
    {
        Assert.Equal("--listing takes no value; give it as --listing", Error("--listing=yes"));
        Assert.StartsWith("ROOT ", Error("--listing", "no-such-folder"));
    }

    private static ServerOptions Options(string[] args, params (string Name, string Value)[] variables)
    {
        var environment = new Dictionary<string, string>();
        foreach ((string name, string value) in variables)
        {
            environment[name] = value;
        }

        ParsedCommand result = CommandLine.Parse(args, name => environment.GetValueOrDefault(name));
        Assert.Null(result.Error);
        return result.Options!;
    }

    private static string Error(params string[] args) => CommandLine.Parse(args, _ => null).Error!;
}
