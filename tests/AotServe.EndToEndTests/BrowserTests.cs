using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading.Tasks;
using AotServe.EndToEndTests.Harness;
using Microsoft.Playwright;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>The server's own pages in a browser: they work, nothing in them is refused or fails, and they ask nobody else for anything.</summary>
public sealed class BrowserTests(PublishedServer published, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _errors = new();
    private readonly ConcurrentQueue<string> _requests = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_welcome_page_is_whole()
    {
        using var server = ServerProcess.Serve(published.Binary);
        IPage page = await GoAsync(server, "/");
        Assert.Contains("AotServe", await page.TitleAsync(), StringComparison.OrdinalIgnoreCase);
        AssertQuiet(server);
    }

    [Fact]
    public async Task A_listing_is_filtered_and_sorted_and_its_links_lead_to_the_files()
    {
        _folder.Write("aa.txt", "1");
        _folder.Write("bb.txt", "the content");
        _folder.Write("zz <b>&.txt", "333");
        _folder.MakeFolder("sub");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--listing");
        IPage page = await GoAsync(server, "/");
        Assert.Equal(["sub", "aa.txt", "bb.txt", "zz <b>&.txt"], await NamesAsync(page));
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Size" }).ClickAsync();
        Assert.Equal(["bb.txt", "zz <b>&.txt", "aa.txt"], (await NamesAsync(page)).Where(name => name != "sub"));
        Assert.Equal("descending", await page.Locator("th[aria-sort]").GetAttributeAsync("aria-sort"));

        await page.GetByLabel("Filter by name").FillAsync("b");
        await page.GetByLabel("Filter by name").PressAsync("Enter");
        await page.WaitForURLAsync("**/?q=b&*");
        Assert.Equal(["sub", "bb.txt", "zz <b>&.txt"], (await NamesAsync(page)).Order(StringComparer.Ordinal).OrderByDescending(name => name == "sub"));
        AssertQuiet(server);

        // The file has no icon of its own, so that the browser asks the server for one.
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "bb.txt" }).ClickAsync();
        Assert.Equal("the content", await page.Locator("body").InnerTextAsync());
    }

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1_280, ColorScheme.Dark)]
    public async Task Pages_fit_narrow_and_dark_screens(int width, ColorScheme scheme)
    {
        _folder.Write(new string('n', 200) + ".txt", "a");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--listing", "--status", "/status");
        IPage page = await OpenAsync(new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 700 }, ColorScheme = scheme });
        foreach (string path in (string[])["/", "/status", "/none"])
        {
            await page.GotoAsync($"http://127.0.0.1:{server.Port}{path}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{path} is wider than the screen.");

            // The ground is that of the body or, where that has none, of the root.
            int light = await page.EvaluateAsync<int>(
                """
                (() => { for (const e of [document.body, document.documentElement]) {
                  const m = getComputedStyle(e).backgroundColor.match(/\d+/g).map(Number); if (m.length < 4 || m[3] > 0) return m[0] } return 255 })()
                """);
            Assert.Equal(scheme == ColorScheme.Dark, light < 128);
        }

        AssertQuiet(server, "404");
    }

    [Fact]
    public async Task An_error_page_says_what_is_wrong()
    {
        using var server = ServerProcess.Serve(published.Binary, _folder.Root);
        IPage page = await GoAsync(server, "/none");
        Assert.Equal("404 Not Found", await page.Locator("h1").InnerTextAsync());
        AssertQuiet(server, "404");
    }

    [Fact]
    public async Task The_status_page_shows_what_is_new_without_being_loaded_again()
    {
        using var server = ServerProcess.Serve(published.Binary, "--status", "/status");
        IPage page = await GoAsync(server, "/status");
        Assert.Equal("Status of AotServe", await page.TitleAsync());
        await page.EvaluateAsync("window.same = true");
        using (var client = new RawClient(server.Port))
        {
            Assert.Equal(404, client.Get("/none").Status);
        }

        await page.GetByText("404 Not Found").WaitForAsync();
        await page.Locator("polyline").First.WaitForAsync(new LocatorWaitForOptions { State = WaitForSelectorState.Attached });
        Assert.True(await page.EvaluateAsync<bool>("window.same === true"));
        Assert.Equal(1, await page.Locator("main").CountAsync());
        AssertQuiet(server);
    }

    [Theory]
    [InlineData]
    [InlineData("--dev")]
    public async Task A_reload_shows_a_file_that_was_edited(params string[] arguments)
    {
        _folder.Write("index.html", "<!DOCTYPE html><link rel=icon href=data:,><link rel=stylesheet href=a.css><p>first");
        _folder.Write("a.css", "p { color: rgb(1, 2, 3) }");
        using var server = ServerProcess.Serve(published.Binary, [_folder.Root, .. arguments]);
        IPage page = await GoAsync(server, "/");
        Assert.Equal(("first", "rgb(1, 2, 3)"), await ReadAsync());
        for (int i = 4; i < 7; i++)
        {
            _folder.Write("a.css", $"p {{ color: rgb({i}, {i}, {i}) }}");
            await page.ReloadAsync();
            Assert.Equal(("first", $"rgb({i}, {i}, {i})"), await ReadAsync());
        }

        _folder.Write("index.html", "<!DOCTYPE html><link rel=icon href=data:,><link rel=stylesheet href=a.css><p>second");
        await page.ReloadAsync();
        Assert.Equal(("second", "rgb(6, 6, 6)"), await ReadAsync());
        AssertQuiet(server);

        async Task<(string Text, string Colour)> ReadAsync() =>
            (await page.Locator("p").InnerTextAsync(), await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('p')).color"));
    }

    private static async Task<string[]> NamesAsync(IPage page) => [.. await page.Locator("tbody bdi").AllInnerTextsAsync()];

    private async Task<IPage> GoAsync(ServerProcess server, string path)
    {
        IPage page = await OpenAsync(null);
        await page.GotoAsync($"http://127.0.0.1:{server.Port}{path}");
        return page;
    }

    private async Task<IPage> OpenAsync(BrowserNewPageOptions? options)
    {
        IPage page = await browser.OpenAsync(options);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) => _requests.Enqueue(request.Url);
        return page;
    }

    /// <summary>Fails if a page complained, but for the status that it was to have, or asked somebody else.</summary>
    private void AssertQuiet(ServerProcess server, string? status = null)
    {
        string[] errors = [.. _errors.Where(error => status is null || !error.StartsWith($"Failed to load resource: the server responded with a status of {status} ", StringComparison.Ordinal))];
        Assert.Empty(errors);
        Assert.NotEmpty(_requests);
        Assert.All(_requests, url => Assert.True(
            url.StartsWith($"http://127.0.0.1:{server.Port}/", StringComparison.Ordinal) || url.StartsWith("data:", StringComparison.Ordinal), url));
    }
}
