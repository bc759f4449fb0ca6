using System;

namespace AotServe.Sites;

/// <summary>
/// The page at the root of the built-in site, without script or external resources.
/// </summary>
internal static class WelcomePage
{
    /// <summary>The longest host and port that the page names. One that is longer, or has unusual letters, is not named.</summary>
    private const int LongestAuthority = 128;

    /// <summary>The most bytes that <see cref="Write"/> writes.</summary>
    public static int LongestLength => Html.Length + LongestAuthority;

    private static ReadOnlySpan<byte> Placeholder => "localhost:7878"u8;

    /// <summary>Writes the page for a request to a host and port, and returns its length.</summary>
    /// <param name="authority">As it was sent; empty: the client did not say.</param>
    /// <param name="destination">At least <see cref="LongestLength"/> bytes.</param>
    public static int Write(ReadOnlySpan<byte> authority, Span<byte> destination)
    {
        ReadOnlySpan<byte> page = Html;
        if (authority.IsEmpty || authority.Length > LongestAuthority || authority.ContainsAny("&<>\"'"u8))
        {
            page.CopyTo(destination);
            return page.Length;
        }

        int at = page.IndexOf(Placeholder);
        page[..at].CopyTo(destination);
        authority.CopyTo(destination[at..]);
        page[(at + Placeholder.Length)..].CopyTo(destination[(at + authority.Length)..]);
        return page.Length - Placeholder.Length + authority.Length;
    }

    /// <summary>The page, for the default port. It fits on one screen.</summary>
    private static ReadOnlySpan<byte> Html => """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>AotServe is running</title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230f766e'/%3E%3Cpath d='M8 10l7 6-7 6M17 23h8' fill='none' stroke='%23fff' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E">
        <style>
        :root { --page:#f7f7f4; --card:#fff; --ink:#1c2321; --soft:#5a6663; --line:#e2e4de; --tint:#0f766e; --glow:#0f766e1c; --term:#13201e; --out:#8fa8a2 }
        @media (prefers-color-scheme:dark) {
        :root { --page:#0e1413; --card:#151d1b; --ink:#e6ece9; --soft:#9aa8a4; --line:#26312e; --tint:#4fd1bd; --glow:#4fd1bd17; --term:#080d0c; --out:#7d948e }
        }
        * { box-sizing:border-box }
        body { margin:0; min-height:100vh; background:radial-gradient(60rem 28rem at 50% -8rem,var(--glow),transparent) var(--page); color:var(--ink); font:1.0625rem/1.6 system-ui,sans-serif }
        main { max-width:47rem; margin:auto; padding:clamp(1.75rem,6vh,4.5rem) 1.25rem 2.5rem }
        .up { display:inline-flex; align-items:center; gap:.55rem; margin:0; padding:.2rem .8rem; border:1px solid var(--line); border-radius:2rem; background:var(--card); color:var(--soft); font-size:.875rem }
        .up::before { content:""; width:.5rem; height:.5rem; border-radius:50%; background:var(--tint); box-shadow:0 0 0 .25rem var(--glow) }
        h1 { margin:1.2rem 0 .8rem; font-size:clamp(2.1rem,7vw,3.4rem); line-height:1.08; letter-spacing:-.03em }
        h1 em { display:block; font-style:normal; color:var(--tint) }
        .lead { max-width:38rem; text-wrap:balance; margin:0; color:var(--soft); font-size:1.175rem }
        code,pre { font-family:ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace; font-size:.92em }
        pre { overflow-x:auto; margin:1.75rem 0; border:1px solid #4fd1bd24; padding:1.15rem 1.35rem; border-radius:.9rem; background:var(--term); color:#eaf3f0; line-height:1.75; box-shadow:0 1.2rem 2.5rem -1.4rem #0009 }
        pre b { color:#4fd1bd; font-weight:400; user-select:none } pre i { color:var(--out); font-style:normal }
        h2 { margin:2rem 0 .7rem; font-size:1.05rem }
        dl { display:grid; grid-template-columns:11.25rem 1fr; margin:0; border:1px solid var(--line); border-radius:.9rem; background:var(--card); overflow:hidden }
        dt,dd { margin:0; padding:.55rem 1.35rem } dd { padding-left:0; color:var(--soft); font-size:1rem } dd code { white-space:nowrap; color:var(--ink) }
        dt+dd~dt,dt+dd~dd { border-top:1px solid var(--line) }
        a { color:var(--tint); text-underline-offset:.2em } a:hover { text-decoration-thickness:2px }
        footer { margin-top:1.9rem; color:var(--soft); font-size:.94rem }
        @media (max-width:34rem) { dl { display:block } dt { padding-bottom:0 } dd { padding:0 1.35rem .6rem; border:0!important } }
        </style>
        </head>
        <body>
        <main>
        <p class="up">AotServe is running</p>
        <h1>It works. <em>Now give it a&nbsp;folder.</em></h1>
        <p class="lead">This page comes from inside a single native executable. Name a folder when you start it, and it serves your files instead.</p>
        <pre><code><i># this folder, and nothing else</i>
        <b>$</b> ./aotserve /srv/www --port 8080</code></pre>

        <h2>Options to start with</h2>
        <dl>
        <dt><code>--port N</code></dt><dd>The port, 7878 if you don’t say; 0 lets the system pick one.</dd>
        <dt><code>--threads N</code></dt><dd>How many workers, 4 if you don’t say.</dd>
        <dt><code>--bind ADDR</code></dt><dd>One address in place of all, such as <code>127.0.0.1</code>.</dd>
        <dt><code>--help</code></dt><dd>Everything else.</dd>
        </dl>

        <h2>Try it out right here</h2>
        <dl>
        <dt><a href="/echo"><code>/echo</code></a></dt><dd>Shows the request as it arrived, for any method.</dd>
        <dt><a href="/sleep?ms=2000"><code>/sleep?ms=2000</code></a></dt><dd>Keeps a worker busy for two seconds. Stop the server meanwhile: the answer still comes.</dd>
        <dt><code>POST /</code></dt><dd>Gives back what you send: <code>curl -d hello localhost:7878</code></dd>
        </dl>

        <footer>Stop it with <code>Ctrl-C</code>. Every request it has taken is answered before it exits.</footer>
        </main>
        </body>
        </html>

        """u8;
}
