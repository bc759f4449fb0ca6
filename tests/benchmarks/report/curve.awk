# AotServe's RSS over the mixed load as one line. samples.tsv.
BEGIN { FS = "\t"; Width = 940; Height = 260; Left = 60; Right = 20; Top = 40; Bottom = 40 }
$1 == "memory" && $2 == "course" && $4 == "at" { at[++n] = $5 + 0; if ($5 > latest) latest = $5 + 0 }
$1 == "memory" && $2 == "course" && $4 == "rss" { rss[++m] = $5 + 0; if ($5 > most) most = $5 + 0 }

# A round number that is not below v / parts.
function step_of(v, parts,    s) {
    for (s = 1; s * parts < v; s *= 10) { }
    if (s >= 10) s /= 10
    if (s * parts >= v) return s
    if (2 * s * parts >= v) return 2 * s
    if (5 * s * parts >= v) return 5 * s
    return 10 * s
}

function x(seconds) { return Left + (Width - Left - Right) * seconds / (latest > 0 ? latest : 1) }
function y(megabytes) { return Height - Bottom - (Height - Top - Bottom) * megabytes / (rise * 4) }

END {
    rise = step_of(most, 4)
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" ", Width, Height, Width, Height
    print "font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#24292f\">"
    print "<title>memory over a mixed load</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    printf "<text x=\"%d\" y=\"24\" font-weight=\"600\">aotserve, RSS over a mixed load (MB by seconds)</text>\n", Left
    for (v = 0; v <= 4 * rise; v += rise) {
        printf "<path d=\"M%d %.1fH%d\" stroke=\"#d0d7de\"/>\n", Left, y(v), Width - Right
        printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", Left - 8, y(v) + 4, v
    }
    stride = step_of(latest, 10)
    for (s = 0; s <= latest; s += stride)
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x(s), Height - Bottom + 20, s
    printf "<polyline fill=\"none\" stroke=\"#1f6feb\" stroke-width=\"2\" points=\""
    for (i = 1; i <= n; i++) printf "%.1f,%.1f ", x(at[i]), y(rss[i])
    print "\"/>\n</svg>"
}
