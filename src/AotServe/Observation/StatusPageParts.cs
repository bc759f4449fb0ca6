using System;

namespace AotServe.Observation;

/// <summary>The constant parts of a <see cref="StatusPage"/>. It looks like a listing.</summary>
internal static class StatusPageParts
{
    /// <summary>What the page may load: nothing but itself, and its own script.</summary>
    public static ReadOnlySpan<byte> Policy =>
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "u8
        + "frame-ancestors 'none'; script-src 'sha256-VKgJktsQt9pZkLyszL8tUjh6p6rUkfIxKjv9AkhFe0Q='"u8;

    /// <summary>Up to the content. Without script, the page asks for itself every five seconds.</summary>
    public static ReadOnlySpan<byte> Begin => """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <noscript><meta http-equiv="refresh" content="5"></noscript>
        <title>Status of AotServe</title>
        <link rel="icon" href="data:,">
        <style>
        :root { --page:#f7f7f4; --card:#fff; --ink:#1c2321; --soft:#5a6663; --line:#e2e4de; --tint:#0f766e; --fill:#0f766e26 }
        @media (prefers-color-scheme:dark) { :root { --page:#0e1413; --card:#151d1b; --ink:#e6ece9; --soft:#9aa8a4; --line:#26312e; --tint:#4fd1bd; --fill:#4fd1bd33 } }
        * { box-sizing:border-box }
        body { margin:0; background:var(--page); color:var(--ink); font:1rem/1.5 system-ui,sans-serif }
        main { max-width:60rem; margin:auto; padding:clamp(1.25rem,5vh,3.5rem) 1.25rem 3rem }
        h1 { margin:0; font-size:clamp(1.6rem,5vw,2.25rem); line-height:1.15; letter-spacing:-.02em }
        h2 { margin:0 0 .5rem; font-size:1rem }
        header { margin:0 .25rem 1.4rem } header p { margin:.4rem 0 0; color:var(--soft); overflow-wrap:anywhere }
        .cards { display:grid; grid-template-columns:repeat(auto-fit,minmax(8rem,1fr)); gap:.8rem }
        section,.cards div { background:var(--card); border:1px solid var(--line); border-radius:.9rem; padding:.9rem 1.1rem; min-width:0 }
        section { margin-top:.8rem } .pair { display:grid; grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr)); gap:0 .8rem }
        .cards b { display:block; font-size:1.4rem; font-weight:600; font-variant-numeric:tabular-nums } .cards span { color:var(--soft); font-size:.875rem }
        svg { display:block; width:100%; height:7rem } polyline { fill:none; stroke:var(--tint); stroke-width:1.5; vector-effect:non-scaling-stroke } polygon { fill:var(--fill) }
        table { width:100%; border-spacing:0 } th,td { padding:.3rem 0; text-align:left; font-weight:400; border-top:1px solid var(--line) } tr:first-child>* { border:0 }
        td { text-align:right; font-variant-numeric:tabular-nums; color:var(--soft) }
        ul { margin:0; padding-left:1.1rem; color:var(--soft) } li { overflow-wrap:anywhere } pre { margin:0; white-space:pre-wrap; overflow-wrap:anywhere; font-size:.875rem }
        .scale { display:flex; justify-content:space-between; color:var(--soft); font-size:.8125rem }
        </style>
        </head>
        <body>
        <main>

        """u8;

    /// <summary>The end of the page. Its script shows what is new every two seconds, without another page.</summary>
    public static ReadOnlySpan<byte> End =>
        "</main>\n<script>"u8
        + "setInterval(async()=>{try{const r=await fetch(location.href);if(r.ok){const d=new DOMParser().parseFromString(await r.text(),'text/html');document.querySelector('main').replaceWith(d.querySelector('main'))}}catch{}},2000)"u8
        + "</script>\n</body>\n</html>\n"u8;
}
