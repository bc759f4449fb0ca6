using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using AotServe.EndToEndTests.Harness;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>The server's own pages for those who do not see well, use no mouse, or print: axe-core finds nothing, contrast included.</summary>
public sealed class AccessibilityTests(PublishedServer published, Browser browser) : IClassFixture<Browser>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ColorScheme.Light, 1_280)]
    [InlineData(ColorScheme.Dark, 1_280)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task Axe_finds_nothing(ColorScheme scheme, int width)
    {
        _folder.Write("a.txt", "a");
        _folder.MakeFolder("sub");
        using var folder = ServerProcess.Serve(published.Binary, _folder.Root, "--listing", "--status", "/status");
        using var builtIn = ServerProcess.Serve(published.Binary);
        IPage page = await browser.OpenAsync(
            new BrowserNewPageOptions { ViewportSize = new ViewportSize { Width = width, Height = 800 }, ColorScheme = scheme });
        foreach (string url in (string[])[$"{folder.Port}/", $"{folder.Port}/?q=nothing", $"{folder.Port}/sub/", $"{folder.Port}/status", $"{folder.Port}/none", $"{builtIn.Port}/"])
        {
            await page.GotoAsync("http://127.0.0.1:" + url);
            AxeResult result = await page.RunAxe();
            Assert.NotEmpty(result.Passes);
            Assert.True(result.Violations.Length == 0, $"{url}: {string.Join("; ", result.Violations.Select(Describe))}");
        }
    }

    [Fact]
    public async Task Every_link_of_a_listing_is_reached_by_the_keyboard_and_shows_it()
    {
        _folder.Write("a.txt", "the content");
        _folder.MakeFolder("sub");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--listing");
        IPage page = await browser.OpenAsync();
        await page.GotoAsync($"http://127.0.0.1:{server.Port}/");
        List<string> reached = [];
        for (int i = 0; i < 20; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            string where = await page.EvaluateAsync<string>("document.activeElement.tagName + ' ' + (document.activeElement.getAttribute('href') ?? document.activeElement.name ?? '')");
            if (where.StartsWith("BODY", StringComparison.Ordinal))
            {
                break;
            }

            reached.Add(where);
            Assert.NotEqual("none", await page.EvaluateAsync<string>("getComputedStyle(document.activeElement).outlineStyle"));
        }

        Assert.Contains("INPUT q", reached);
        Assert.Contains("A sub/", reached);
        Assert.Contains("A a.txt", reached);
        await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "a.txt" }).PressAsync("Enter");
        await page.WaitForURLAsync("**/a.txt");
    }

    [Fact]
    public async Task A_listing_can_be_printed()
    {
        _folder.Write("a.txt", "a");
        using var server = ServerProcess.Serve(published.Binary, _folder.Root, "--listing");
        IPage page = await browser.OpenAsync();
        await page.GotoAsync($"http://127.0.0.1:{server.Port}/");
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.True(await page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "a.txt" }).IsVisibleAsync());
        Assert.NotEmpty(await page.PdfAsync());
    }

    private static string Describe(AxeResultItem item) =>
        $"{item.Id}: {item.Help} ({string.Join(", ", item.Nodes.Select(node => node.Html))})";
}
