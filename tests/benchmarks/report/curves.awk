# Section many as curves: a panel per figure, a line per server, by the number of files, which grows by logarithm.
# After statistics.awk: samples.tsv.
BEGIN {
    FS = "\t"; Width = 470; Height = 250; Left = 60; Right = 24; Top = 34; Bottom = 34; Margin = 14; Legend = 26; Columns = 2
    panel("warm", "rate", "requests/s, all in the page cache")
    panel("warm", "p99", "p99 (ms), all in the page cache")
    panel("warm", "pss", "memory at the end (MB, PSS)")
    panel("warm", "peak", "memory at the most (MB, RSS)")
    panel("cold", "rate", "requests/s, nothing in the page cache at first")
    panel("cold", "p99", "p99 (ms), nothing in the page cache at first")
    split("#1f6feb #8250df #1a7f37 #bf8700 #cf222e #6e7781 #0a9396 #24292f", palette, " ")
}
function panel(kind, metric, title) { kind_of[++panels] = kind; metric_of[panels] = metric; title_of[panels] = title }

FILENAME ~ /samples\.tsv$/ && $1 == "many" && match($2, /[0-9]+$/) {
    n = substr($2, RSTART) + 0
    if (!(n in seen)) { seen[n] = 1; counts[++count_count] = n }
    if (!($3 in drawn)) { drawn[$3] = 1; lines[++line_count] = $3 }
}

# A round number that is not below v / parts.
function step_of(v, parts,    s) {
    for (s = 0.001; s * parts < v; s *= 10) { }
    s /= 10
    if (s * parts >= v) return s
    if (2 * s * parts >= v) return 2 * s
    if (5 * s * parts >= v) return 5 * s
    return 10 * s
}

function across(n) { return most > least ? (log(n) - log(least)) / (log(most) - log(least)) * (Width - Left - Right) : 0 }

function draw(p, x, y,    i, l, v, widest, rise, points, bottom, room, text) {
    widest = 0
    for (l = 1; l <= line_count; l++) for (i = 1; i <= count_count; i++)
        if (statistics("many", kind_of[p] counts[i], lines[l], metric_of[p]) && middle > widest) widest = middle
    if (widest == 0) return
    rise = step_of(widest, 4)
    bottom = y + Height - Bottom
    room = Height - Top - Bottom
    printf "<text x=\"%d\" y=\"%d\" font-weight=\"600\">%s</text>\n", x + Margin, y + 20, title_of[p]
    for (v = 0; v <= 4; v++) {
        printf "<path d=\"M%d %.1fh%d\" stroke=\"#d0d7de\"/>\n", x + Left, bottom - room * v / 4, Width - Left - Right
        text = shown(v * rise, rise < 0.1 ? 2 : rise < 1 ? 1 : 0)
        printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", x + Left - 6, bottom - room * v / 4 + 4, text
    }
    for (i = 1; i <= count_count; i++)
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x + Left + across(counts[i]), bottom + 18, shown(counts[i], 0)
    for (l = 1; l <= line_count; l++) {
        points = ""
        for (i = 1; i <= count_count; i++)
            if (statistics("many", kind_of[p] counts[i], lines[l], metric_of[p]))
                points = points sprintf("%.1f,%.1f ", x + Left + across(counts[i]), bottom - room * middle / (4 * rise))
        if (points == "") continue
        printf "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\" points=\"%s\"/>\n", palette[l], points
        while (match(points, /^[^ ]+ /)) {
            split(substr(points, 1, RLENGTH - 1), at, ",")
            printf "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>\n", at[1], at[2], palette[l]
            points = substr(points, RLENGTH + 1)
        }
    }
}

END {
    if (!count_count) exit
    # The samples may come in any order.
    for (i = 2; i <= count_count; i++)
        for (j = i; j > 1 && counts[j - 1] > counts[j]; j--) { n = counts[j]; counts[j] = counts[j - 1]; counts[j - 1] = n }
    least = counts[1]
    most = counts[count_count]
    height = Legend + panels / Columns * Height + Margin
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" ", \
        Width * Columns, height, Width * Columns, height
    print "font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#24292f\">"
    print "<title>files of 10 KB, asked for at random</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    x = Margin
    for (l = 1; l <= line_count; l++) {
        printf "<path d=\"M%d 16h16\" stroke=\"%s\" stroke-width=\"3\"/><text x=\"%d\" y=\"20\">%s</text>\n", x, palette[l], x + 21, lines[l]
        x += 21 + 7 * length(lines[l]) + 16
    }
    for (p = 1; p <= panels; p++) draw(p, (p - 1) % Columns * Width, Legend + int((p - 1) / Columns) * Height)
    print "</svg>"
}
