using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using AotServe.EndToEndTests.Harness;
using Microsoft.Playwright;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// What a browser does over TLS only, or with its own client: service workers, and media that is sought by ranges. Chromium trusts the key
/// of the test's certificate, and no other that is wrong.
/// </summary>
public sealed class TlsBrowserTests(PublishedServer published) : IDisposable
{
    private const int SecondsOfSound = 240;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_service_worker_is_registered_and_serves_a_page_when_the_server_has_gone()
    {
        _folder.Write("index.html", "<!DOCTYPE html><link rel=icon href=data:,><script>navigator.serviceWorker.register('/worker.js')</script>");
        _folder.Write("page.html", "<!DOCTYPE html><link rel=icon href=data:,><p>kept");
        _folder.Write("worker.js", """
            addEventListener('install', event => event.waitUntil(caches.open('a').then(cache => cache.add('/page.html'))));
            addEventListener('activate', event => event.waitUntil(clients.claim()));
            addEventListener('fetch', event => event.respondWith(caches.match(event.request).then(kept => kept || fetch(event.request))));
            """);
        await BrowseAsync(async (server, page) =>
        {
            await page.EvaluateAsync("navigator.serviceWorker.ready.then(() => true)");
            server.Signal(Posix.SIGTERM);
            Assert.Equal(0, server.WaitForExit());
            await page.GotoAsync($"https://localhost:{server.Port}/page.html");
            Assert.Equal("kept", await page.Locator("p").InnerTextAsync());
        });
    }

    [Fact]
    public async Task A_video_element_seeks_by_ranges()
    {
        WriteSound("long.wav");
        _folder.Write("index.html", "<!DOCTYPE html><link rel=icon href=data:,><video src=/long.wav preload=metadata></video>");
        await BrowseAsync(async (_, page) =>
        {
            Task<IResponse> far = page.WaitForResponseAsync(
                response => response.Status == 206 && StartOf(response.Headers["content-range"]) > 10_000_000,
                new PageWaitForResponseOptions { Timeout = 0 });
            await page.ReloadAsync();
            double duration = await page.EvaluateAsync<double>(
                """
                new Promise((done, fail) => {
                  const video = document.querySelector('video')
                  video.onerror = () => fail(video.error.message)
                  video.onseeked = () => done(video.duration)
                  const seek = () => video.currentTime = 200
                  video.readyState > 0 ? seek() : video.onloadedmetadata = seek })
                """);

            // A browser may tell of a response only after its script has used it.
            await far.WaitAsync(Eventually.Bound);
            Assert.Equal(SecondsOfSound, duration, 1.0);
        });
    }

    /// <summary>The first byte of <c>bytes 5-9/10</c>.</summary>
    private static long StartOf(string contentRange) =>
        long.Parse(contentRange.Split(' ', '-')[1], CultureInfo.InvariantCulture);

    private async Task BrowseAsync(Func<ServerProcess, IPage, Task> act)
    {
        Assert.SkipWhen(Browser.Installed is null, "No Chromium is installed.");
        using var certificate = TestCertificate.SelfSigned("localhost");
        string chain = _folder.Write("../chain", certificate.Pem);
        string key = _folder.Write("../key", certificate.KeyPem);
        using var server = ServerProcess.Serve(published.TlsBinary, _folder.Root, "--tls-cert", chain, "--tls-key", key);
        using IPlaywright driver = await Playwright.CreateAsync();
        await using IBrowser browser = await driver.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Browser.Installed,
            Args = ["--no-sandbox", $"--ignore-certificate-errors-spki-list={certificate.PublicKeyHash}"],
        });
        IPage page = await browser.NewPageAsync();
        await page.GotoAsync($"https://localhost:{server.Port}/");
        await act(server, page);
    }

    /// <summary>Silence: PCM of 16 bits, two channels, 44,100 Hz, 42 MB of it, far more than a browser reads ahead.</summary>
    private void WriteSound(string name)
    {
        const int Rate = 44_100;
        const int Frame = 4;
        const int Length = SecondsOfSound * Rate * Frame;
        using var writer = new BinaryWriter(File.Create(_folder[name]));
        writer.Write("RIFF"u8);
        writer.Write(36 + Length);
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)2);
        writer.Write(Rate);
        writer.Write(Rate * Frame);
        writer.Write((short)Frame);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write(Length);
        writer.BaseStream.SetLength(44 + Length);
    }
}
