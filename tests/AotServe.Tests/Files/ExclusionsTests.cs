using System;
using System.IO;
using System.Linq;
using System.Text;
using AotServe.Files;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Files;

/// <summary>What is never found in a root folder: by its name, by links that lead to it, and by identity.</summary>
public sealed class ExclusionsTests : IDisposable
{
    private static readonly string[] Rules = ["_headers", "_redirects"];
    private static readonly string[] Suffixes = [".br", ".gz"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("beneath", "beneath")]
    [InlineData("beneath", "always")]
    [InlineData("walked", "beneath")]
    [InlineData("walked", "always")]
    [InlineData("portable", "beneath")]
    [InlineData("portable", "always")]
    public void A_file_that_is_withheld_is_not_found_by_any_name_even_right_after_it_was_replaced(string kind, string links)
    {
        _folder.Write("real/users", "old");
        _folder.Write("real/page", "page");
        _folder.Link("file-link", "real/users");
        _folder.Link("folder-link", "real");
        _folder.Link("current", "..");
        WithheldFiles withheld = new();
        withheld.Add(_folder["folder-link/users"]);
        using RootFolder root = Open(kind, links, withheld);
        string[] names = ["real/users", "file-link", "folder-link/users"];
        AssertNotFound(root, names);

        // Replaced as editors and deploys do it, several times.
        for (int i = 0; i < 3; i++)
        {
            _folder.Write("real/new", $"new {i}");
            File.Move(_folder["real/new"], _folder["real/users"], overwrite: true);
            AssertNotFound(root, names);
            Assert.Equal("page", Read(root, "real/page"));
        }
    }

    [Theory]
    [InlineData("beneath")]
    [InlineData("walked")]
    public void Nor_by_a_second_name_or_behind_a_link_that_was_the_name_of_it(string kind)
    {
        _folder.Write("users.1", "one");
        _folder.Write("users.2", "two");
        _folder.Link("users", "users.1");
        WithheldFiles withheld = new();
        withheld.Add(_folder["users"]);
        using RootFolder root = Open(kind, "beneath", withheld);
        _folder.MakeSecondName("users.1", "second"u8.ToArray());
        AssertNotFound(root, "users", "users.1", "second");

        File.Delete(_folder["users"]);
        _folder.Link("users", "users.2");
        AssertNotFound(root, "users", "users.2");
        Assert.Equal("one", Read(root, "users.1"));

        File.Delete(_folder["users"]);
        _folder.Write("users", "three");
        AssertNotFound(root, "users");
        Assert.Equal("two", Read(root, "users.2"));
    }

    [Theory]
    [InlineData("beneath")]
    [InlineData("walked")]
    [InlineData("portable")]
    public void The_rule_files_of_a_root_are_not_found_in_another_that_holds_it_or_links_to_it(string kind)
    {
        _folder.MakeFolder("inner");
        _folder.Write("inner/page", "page");
        _folder.Link("inner-link", "inner");
        WithheldFiles withheld = new();
        using RootFolder outer = Open(kind, "beneath", withheld);
        using RootFolder inner = RootFolderTests.Open(
            kind, _folder["inner"], SymbolicLinks.Beneath, new Exclusions(null, Rules, Suffixes, withheld));

        // They are written when the server already runs, and replaced.
        foreach (string content in (string[])["first", "second"])
        {
            _folder.Write("inner/new", content);
            File.Move(_folder["inner/new"], _folder["inner/_headers"], overwrite: true);
            AssertNotFound(outer, "inner/_headers", "inner-link/_headers");
        }

        Assert.Equal("page", Read(outer, "inner/page"));
        _folder.Write("other/_headers", "of no root");
        Assert.Equal("of no root", Read(outer, "other/_headers"));
    }

    [Theory]
    [InlineData("beneath", "beneath")]
    [InlineData("beneath", "always")]
    [InlineData("walked", "always")]
    [InlineData("portable", "beneath")]
    [InlineData("portable", "always")]
    public void What_is_hidden_stays_hidden_behind_a_link(string kind, string links)
    {
        _folder.Write("drafts/a.md", "draft");
        _folder.Write("drafts/deep/b.txt", "draft");
        _folder.Write("public/c.txt", "public");
        _folder.Write("_headers", "rules");
        _folder.Link("public/folder", "../drafts");
        _folder.Link("public/deep", "../drafts/deep");
        _folder.Link("public/file", "../drafts/a.md");
        _folder.Link("public/rules", "../_headers");
        _folder.Link("public/shown", "c.txt");
        using RootFolder root = Open(kind, links, new WithheldFiles(), "/drafts");
        AssertNotFound(root, "public/folder", "public/folder/a.md", "public/deep", "public/deep/b.txt", "public/file", "public/rules");
        Assert.Equal("public", Read(root, "public/shown"));
        Assert.Equal(["c.txt", "shown"], Names(root, "public"));
    }

    [Theory]
    [InlineData("beneath")]
    [InlineData("portable")]
    public void In_a_listing_behind_a_link_the_patterns_are_those_of_the_folder_itself(string kind)
    {
        _folder.Write("docs/a.md", "hidden");
        _folder.Write("docs/b.txt", "shown");
        _folder.Link("link", "docs");
        using RootFolder root = Open(kind, "beneath", new WithheldFiles(), "/docs/*.md");
        Assert.Equal(["b.txt"], Names(root, "link"));
        AssertNotFound(root, "link/a.md");
        Assert.Equal("shown", Read(root, "link/b.txt"));
    }

    [Theory]
    [InlineData("secret.html.gz", true)]
    [InlineData("secret.html.br", true)]
    [InlineData("secret.html.BR", true)]
    [InlineData("a/secret.html.gz", true)]
    [InlineData("_headers.gz", true)]
    [InlineData("secret.html.gz.br", false)]
    [InlineData("secret.html.txt", false)]
    [InlineData("secret.htm.gz", false)]
    [InlineData(".gz", false)]
    public void The_variants_of_a_hidden_file_are_hidden(string path, bool isHidden)
    {
        var exclusions = new Exclusions(HiddenNamesTests.Read(["secret.html"], ignoreCase: false), Rules, Suffixes, new WithheldFiles());
        Assert.Equal(isHidden, exclusions.IsHidden(Encoding.ASCII.GetBytes(path)));
    }

    [Theory]
    [InlineData("\u017Fecret.html")]
    [InlineData("sec\u200Dret.html.gz")]
    [InlineData("SECRET.html.z\u017Ft")]
    [InlineData("_header\u017F")]
    [InlineData("_Header\u017F.z\u017Ft")]
    public void Nor_do_other_ways_to_write_them_get_by_where_case_is_ignored(string path)
    {
        HiddenNames hidden = HiddenNamesTests.Read(["secret.html"], ignoreCase: true);
        var exclusions = new Exclusions(hidden, Rules, [.. Suffixes, ".zst"], new WithheldFiles(), ignoreCase: true);
        Assert.True(exclusions.IsHidden(Encoding.UTF8.GetBytes(path)));
    }

    /// <summary>The path of a file is what .NET knows of it where this is not Linux; the file system may find it by another.</summary>
    [Theory]
    [InlineData("/srv/www/k\u00F6nige", true)]
    [InlineData("/srv/WWW/K\u00D6nige", true)]
    [InlineData("/srv/www/ko\u0308nige", true)]
    [InlineData("/\u017Frv/www/\u212Ao\u0308nige", true)]
    [InlineData("/srv/www/konige", false)]
    public void A_path_is_that_of_a_withheld_file_in_whatever_way_it_is_written(string path, bool isWithheld)
    {
        var withheld = new WithheldFiles();
        withheld.Add("/srv/www/k\u00F6nige");
        Assert.Equal(isWithheld, withheld.Contains(path));
    }

    [Fact]
    public void The_server_itself_finds_them()
    {
        _folder.Write("_headers", "rules");
        using RootFolder root = Open("beneath", "beneath", new WithheldFiles(), "/_headers");
        AssertNotFound(root, "_headers");
        Assert.Equal("rules", Read(root.Unfiltered, "_headers"));
    }

    private RootFolder Open(string kind, string links, WithheldFiles withheld, params string[] hidden)
    {
        var exclusions = new Exclusions(HiddenNamesTests.Read(hidden, ignoreCase: false), Rules, Suffixes, withheld);
        return new HidingRootFolder(
            RootFolderTests.Open(kind, _folder.Root, Enum.Parse<SymbolicLinks>(links, ignoreCase: true), exclusions), exclusions);
    }

    private static void AssertNotFound(RootFolder root, params string[] paths) => Assert.All(paths, path =>
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        FileOutcome outcome = root.Find(bytes, out FileEntry entry);
        Assert.True(outcome == FileOutcome.NotFound || entry.Kind == FileKind.Other, path); // A link itself is nothing to serve.
        Assert.Equal((path, FileOutcome.NotFound), (path, root.OpenFile(bytes, out _, out SafeFileHandle? file)));
        file?.Dispose();
    });

    private static string Read(RootFolder root, string path)
    {
        Assert.Equal((path, FileOutcome.Found), (path, root.OpenFile(Encoding.UTF8.GetBytes(path), out _, out SafeFileHandle? file)));
        using var stream = new FileStream(file!, FileAccess.Read);
        return new StreamReader(stream).ReadToEnd();
    }

    private static string[] Names(RootFolder root, string path)
    {
        using var entries = new FolderEntries(static _ => true, FolderEntries.UsualLimit);
        Assert.Equal(FileOutcome.Found, root.ReadFolder(Encoding.UTF8.GetBytes(path), entries));
        return [.. entries.All.ToArray().Select(entry => Encoding.UTF8.GetString(entries.NameOf(entry))).Order(StringComparer.Ordinal)];
    }
}
