using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>The browser of this machine, without a window; started once for a class of tests, where there is one.</summary>
public sealed class Browser : IAsyncLifetime
{
    /// <summary>Its executable; null: there is none.</summary>
    public static string? Installed { get; } =
        ((string[])["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"]).FirstOrDefault(File.Exists);

    private IPlaywright? _driver;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Installed is not null)
        {
            _driver = await Playwright.CreateAsync();

            // Its sandbox does not work for root. It sees nothing but the pages of these tests.
            _browser = await _driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Installed, Args = ["--no-sandbox"] });
        }
    }

    /// <summary>Opens an empty page with nothing in its cache; skips the test where there is no browser.</summary>
    /// <param name="options">How large it is, and whether it is dark.</param>
    public async Task<IPage> OpenAsync(BrowserNewPageOptions? options = null)
    {
        Assert.SkipWhen(_browser is null, "No Chromium is installed.");
        return await _browser.NewPageAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _driver?.Dispose();
    }
}
