using System;

namespace AotServe.Sites.Listing;

/// <summary>The constant parts of a <see cref="FolderPage"/>.</summary>
internal static class FolderPageParts
{
    /// <summary>Up to the title's text.</summary>
    public static ReadOnlySpan<byte> BeforeTitle => """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>
        """u8;

    /// <summary>From the title to the body's content, with the icons that rows refer to by number.</summary>
    public static ReadOnlySpan<byte> AfterTitle => """
        </title>
        <link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Cpath d='M3 8a3 3 0 0 1 3-3h6l4 4h10a3 3 0 0 1 3 3v12a3 3 0 0 1-3 3H6a3 3 0 0 1-3-3z' fill='%230f766e'/%3E%3C/svg%3E">
        <style>
        :root { --page:#f7f7f4; --card:#fff; --ink:#1c2321; --soft:#5a6663; --line:#e2e4de; --tint:#0f766e; --glow:#0f766e14; --fill:#0f766e26 }
        @media (prefers-color-scheme:dark) {
        :root { --page:#0e1413; --card:#151d1b; --ink:#e6ece9; --soft:#9aa8a4; --line:#26312e; --tint:#4fd1bd; --glow:#4fd1bd14; --fill:#4fd1bd33 }
        }
        * { box-sizing:border-box }
        body { margin:0; background:var(--page); color:var(--ink); font:1rem/1.5 system-ui,sans-serif }
        main { max-width:60rem; margin:auto; padding:clamp(1.25rem,5vh,3.5rem) 1.25rem 3rem }
        header { margin:0 .25rem 1.4rem }
        nav ol { display:flex; flex-wrap:wrap; gap:.15rem 0; margin:0 0 .5rem; padding:0; list-style:none; font-size:.925rem }
        li { min-width:0; overflow-wrap:anywhere } li+li::before { content:"/"; margin:0 .5rem; color:var(--soft); opacity:.6 }
        nav a { color:var(--tint); text-decoration:none } nav a:hover { text-decoration:underline; text-underline-offset:.2em }
        h1 { margin:0; font-size:clamp(1.6rem,5vw,2.25rem); line-height:1.15; letter-spacing:-.02em; overflow-wrap:anywhere; white-space:pre-wrap }
        header p { margin:.4rem 0 0; color:var(--soft) }
        table { width:100%; border-spacing:0; background:var(--card); border:1px solid var(--line); border-radius:.9rem; overflow:hidden }
        caption { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%) }
        th,td { padding:0; text-align:left; font-weight:400; vertical-align:baseline } td { padding:.55rem 1.1rem; color:var(--soft); white-space:nowrap; font-variant-numeric:tabular-nums }
        th:nth-child(2),td:nth-child(2) { text-align:right } th+th,th+td,td+td { width:1% }
        tbody th,tbody td { border-top:1px solid var(--line) } tbody tr:hover { background:var(--glow) }
        th a { display:block; padding:.55rem 1.1rem; color:inherit; text-decoration:none }
        thead a { padding:.6rem 1.1rem; color:var(--soft); font-size:.875rem; white-space:nowrap } thead a:hover { color:var(--tint) }
        thead a::after { content:"↑"; margin-left:.4em; visibility:hidden } th[aria-sort] a { color:var(--ink); font-weight:600 } th[aria-sort] a::after { visibility:visible }
        th[aria-sort=descending] a::after { content:"↓" }
        thead th:nth-child(2) a { display:flex; flex-direction:row-reverse } thead th:nth-child(2) a::after { margin:0 .4em 0 0 }
        tbody a { position:relative; padding-left:3.1rem; overflow-wrap:anywhere; white-space:pre-wrap } tbody a:hover bdi,.up a:hover { color:var(--tint) } tbody a:hover bdi { text-decoration:underline; text-underline-offset:.2em }
        svg { position:absolute; left:1.1rem; top:.67rem; width:1.25rem; height:1.25rem; color:var(--soft); fill:none; stroke:currentColor; stroke-width:1.6; stroke-linecap:round; stroke-linejoin:round }
        use[href="#k0"] { color:var(--tint); fill:var(--fill) } .up a { color:var(--soft) }
        a:focus-visible { outline:2px solid var(--tint); outline-offset:-3px; border-radius:.5rem }
        form { margin:0 .25rem 1rem } label { position:absolute; width:1px; height:1px; overflow:hidden; clip-path:inset(50%) }
        input { width:100%; max-width:22rem; padding:.5rem .8rem; border:1px solid var(--line); border-radius:.6rem; background:var(--card); color:inherit; font:inherit } input:focus-visible { outline:2px solid var(--tint); outline-offset:1px }
        .none { padding:1.6rem; text-align:center!important } .note { margin:1rem .25rem; color:var(--soft) }
        @media (max-width:40rem) { main { padding:1.25rem .75rem 2rem } td { padding:.65rem .8rem .65rem 0; font-size:.875rem } thead a { padding:.6rem .8rem .6rem 0 } thead th:first-child a { padding-left:.9rem } tbody a { padding:.65rem .8rem .65rem 2.7rem } .up a { padding-left:2.7rem } svg { left:.8rem; top:.77rem } td span,thead span { display:none } tbody tr:not(.up) { display:grid; grid-template-columns:1fr auto } tbody tr:not(.up) th { grid-column:1/-1 } tbody tr:not(.up) th a { padding-bottom:.1rem } tbody tr:not(.up) td { border:0; padding:.1rem .8rem .6rem } tbody tr:not(.up) td:nth-child(3) { order:-1; padding-left:2.7rem } tbody td.none { display:block; grid-column:1/-1 } }
        @media print { table { border:0 } svg { display:none } tbody a { padding-left:1.1rem } }
        </style>
        </head>
        <body>
        <svg aria-hidden="true" style="display:none">
        <symbol id="k0" viewBox="0 0 24 24"><path d="M3 7a2 2 0 0 1 2-2h4l2.5 2.5H19a2 2 0 0 1 2 2V17a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2z"/></symbol>
        <symbol id="k1" viewBox="0 0 24 24"><path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5M9 13h6M9 17h4"/></symbol>
        <symbol id="k2" viewBox="0 0 24 24"><path d="M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM4.5 17l4.5-5 4 4 2.5-2.5 4 4M14.5 8.7h.01"/></symbol>
        <symbol id="k3" viewBox="0 0 24 24"><path d="M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM10 8.5v7l5.5-3.5z"/></symbol>
        <symbol id="k4" viewBox="0 0 24 24"><path d="M4 8.5V18a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V8.5M3.5 4h17v4.5h-17zM10 12.5h4"/></symbol>
        <symbol id="k5" viewBox="0 0 24 24"><path d="M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zM14 3v5h5"/></symbol>
        <symbol id="up" viewBox="0 0 24 24"><path d="M8 20h6a3 3 0 0 0 3-3V5M12.5 9 17 4.5 21.5 9" transform="translate(-3)"/></symbol>
        </svg>
        <main>

        """u8;

    /// <summary>The end of the page.</summary>
    public static ReadOnlySpan<byte> End => "</main>\n</body>\n</html>\n"u8;
}
