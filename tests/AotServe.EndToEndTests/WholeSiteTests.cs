using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>A site of ten thousand files, walked from its first page by a crawler, and one that a browser shows.</summary>
public sealed partial class WholeSiteTests(PublishedServer published)
{
    private const int Folders = 100;
    private const int FilesPerFolder = 100;

    /// <summary>What each kind of file is to be called, by the registries and not by the server's own table.</summary>
    private static readonly (string Extension, string MediaType)[] Kinds =
    [
        (".html", "text/html; charset=utf-8"), (".css", "text/css; charset=utf-8"),
        (".js", "text/javascript; charset=utf-8"), (".json", "application/json"), (".png", "image/png"),
        (".svg", "image/svg+xml"), (".woff2", "font/woff2"), (".wasm", "application/wasm"),
        (".txt", "text/plain; charset=utf-8"), (".webp", "image/webp"),
    ];

    [Fact]
    public void Every_one_of_ten_thousand_files_is_reached_by_links_and_right_in_status_type_and_bytes()
    {
        using var folder = new TemporaryFolder();
        Dictionary<string, byte[]> files = Build(folder);
        using var server = ServerProcess.Serve(
            published.Binary, folder.Root, "--listing", "--compress", "--header", "X-Site: whole");
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{server.Port}/"),
            Timeout = Eventually.Bound,
        };

        var seen = new HashSet<string> { "/" };
        var open = new Queue<string>(seen);
        while (open.TryDequeue(out string? path))
        {
            using HttpResponseMessage answer = client.Send(new HttpRequestMessage(HttpMethod.Get, path));
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
            using var body = new MemoryStream();
            answer.Content.ReadAsStream().CopyTo(body);
            string file = path.EndsWith('/') ? path + "index.html" : path;
            Assert.True(files.ContainsKey(file), $"{path} is no file of the site");
            Assert.True(files[file].AsSpan().SequenceEqual(body.ToArray()), $"{path} has other bytes");
            Assert.Equal((path, TypeOf(file)), (path, answer.Content.Headers.ContentType!.ToString()));
            Assert.Equal("whole", Assert.Single(answer.Headers.GetValues("X-Site")));
            if (!file.EndsWith(".html", StringComparison.Ordinal))
            {
                continue;
            }

            foreach (Match link in Link().Matches(Encoding.UTF8.GetString(body.ToArray())))
            {
                string target = new Uri(new Uri(client.BaseAddress!, path), link.Groups[1].Value).AbsolutePath;
                if (seen.Add(target))
                {
                    open.Enqueue(target);
                }
            }
        }

        Assert.Equal(files.Count, seen.Count);
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr);
    }

    [Fact]
    public void A_browser_shows_a_site_with_modules_styles_and_fetched_data()
    {
        string? browser = Array.Find(["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"], File.Exists);
        Assert.SkipWhen(browser is null, "There is no Chromium here.");
        using var folder = new TemporaryFolder();
        folder.Write("index.html", """
            <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Before</title>
            <link rel="stylesheet" href="style.css"><script type="module" src="app.mjs"></script></head>
            <body><img id="image" src="image.svg" alt=""><p id="told">nothing</p></body></html>
            """);
        folder.Write("style.css", "p { color: rgb(1, 2, 3); }");
        folder.Write("image.svg", """<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"></svg>""");
        folder.Write("data.json", """{ "word": "fetched" }""");
        folder.Write("part.mjs", "export const plus = 'imported';");
        folder.Write("app.mjs", """
            import { plus } from './part.mjs';
            const data = await (await fetch('data.json')).json();
            const image = document.getElementById('image');
            await image.decode();
            const told = document.getElementById('told');
            told.textContent = [data.word, plus, getComputedStyle(told).color, image.naturalWidth].join(' | ');
            """);
        using var server = ServerProcess.Serve(published.Binary, folder.Root);
        using var profile = new TemporaryFolder();
        var start = new ProcessStartInfo(browser!)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                $"--user-data-dir={profile.Root}", "--virtual-time-budget=10000", "--dump-dom",
                $"http://127.0.0.1:{server.Port}/",
            ])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string shown = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("fetched | imported | rgb(1, 2, 3) | 7", shown, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:href|src)=\"([^\"]+)\"")]
    private static partial Regex Link();

    private static string TypeOf(string file) =>
        Kinds.First(kind => file.EndsWith(kind.Extension, StringComparison.Ordinal)).MediaType;

    /// <summary>Writes the site and returns its files by path; each page links to what is in its folder.</summary>
    private static Dictionary<string, byte[]> Build(TemporaryFolder folder)
    {
        var files = new Dictionary<string, byte[]>();
        var random = new Random(1);
        var home = new StringBuilder("<!DOCTYPE html><title>Home</title>");
        for (int i = 0; i < Folders; i++)
        {
            string name = i % 7 == 0 ? $"Ordner ä{i}" : $"folder-{i}";
            string address = Uri.EscapeDataString(name);
            Directory.CreateDirectory(folder[name]);
            home.Append($"<a href=\"{address}/\">{name}</a>");
            var page = new StringBuilder($"<!DOCTYPE html><title>{name}</title><a href=\"/\">home</a>");
            for (int j = 1; j < FilesPerFolder; j++)
            {
                string file = $"file-{j}{Kinds[j % Kinds.Length].Extension}";
                byte[] bytes = new byte[random.Next(1, 6_000)];
                random.NextBytes(bytes);
                if (j % 2 == 0) // compressible
                {
                    bytes = Encoding.ASCII.GetBytes(Convert.ToHexString(SHA256.HashData(bytes))[..8].PadRight(bytes.Length, 'x'));
                }

                Add($"/{address}/{file}", Path.Combine(name, file), bytes);
                page.Append($"<a href=\"{file}\">{file}</a>");
            }

            Add($"/{address}/index.html", Path.Combine(name, "index.html"), Encoding.UTF8.GetBytes(page.ToString()));
        }

        Add("/index.html", "index.html", Encoding.UTF8.GetBytes(home.ToString()));
        return files;

        void Add(string path, string relative, byte[] bytes)
        {
            File.WriteAllBytes(folder[relative], bytes);
            files[path] = bytes;
        }
    }
}
