# One SVG for a section: a panel per figure that asks for one, a bar per server with its spread as a whisker.
# -v section=NAME; after statistics.awk: figures.tsv, samples.tsv.
BEGIN { FS = "\t"; Width = 470; Label = 136; Bar = 16; Gap = 6; Top = 34; Margin = 14; Columns = 2 }

FILENAME ~ /figures\.tsv$/ && !/^#/ && $1 == section && $7 != "-" {
    n = ++panels
    case_of[n] = $2; metric_of[n] = $3; decimals_of[n] = $4; title_of[n] = $7
}

function colour(server) {
    if (server == "aotserve") return "#1f6feb"
    if (server ~ /^(aotserve-.*|before.*)$/) return "#79b0f5"
    if (server ~ /^(aot-floor.*|bare-epoll|hello-.*)$/) return "#b8bec6"
    return "#6e7781"
}

function escaped(text) {
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    return text
}

# How many servers have a value for panel p; sets widest to the largest that is to be drawn.
function survey(p,    s, rows) {
    widest = 0
    rows = 0
    for (s = 1; s <= server_count; s++)
        if (statistics(section, case_of[p], servers[s], metric_of[p])) {
            rows++
            if (highest > widest) widest = highest
        }
    return rows
}

function draw(p, x, y,    s, row, room, scale, at, end, anchor) {
    survey(p)
    room = Width - Label - 2 * Margin - 74
    scale = widest > 0 ? room / widest : 0
    printf "<text x=\"%d\" y=\"%d\" font-weight=\"600\">%s</text>\n", x + Margin, y + 20, escaped(title_of[p])
    row = 0
    for (s = 1; s <= server_count; s++) {
        if (!statistics(section, case_of[p], servers[s], metric_of[p])) continue
        at = y + Top + row++ * (Bar + Gap)
        anchor = x + Margin + Label
        end = middle > 0 ? middle * scale : 0
        printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", anchor - 8, at + 12, servers[s]
        printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", anchor, at, end < 1 ? 1 : end, Bar, colour(servers[s])
        if (highest > lowest && highest > 0)
            printf "<path d=\"M%.1f %.1fH%.1fM%.1f %dv8M%.1f %dv8\" stroke=\"#24292f\" fill=\"none\"/>\n", \
                anchor + (lowest > 0 ? lowest : 0) * scale, at + Bar / 2, anchor + highest * scale, \
                anchor + (lowest > 0 ? lowest : 0) * scale, at + 4, anchor + highest * scale, at + 4
        printf "<text x=\"%.1f\" y=\"%d\" fill=\"#57606a\">%s</text>\n", \
            anchor + (highest > 0 ? highest : 0) * scale + 6, at + 12, shown(middle, decimals_of[p])
    }
}

END {
    # Panels side by side are as high as the higher one.
    height = Margin
    drawn = 0
    for (p = 1; p <= panels; p++) {
        rows = survey(p)
        if (rows == 0) continue
        order[++drawn] = p
        h = Top + rows * (Bar + Gap) + Margin
        if (drawn % Columns == 1) { line_top = height; line_height = 0 }
        top_of[p] = line_top
        if (h > line_height) line_height = h
        height = line_top + line_height
    }
    if (!drawn) exit
    columns_used = drawn < Columns ? drawn : Columns
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" ", \
        Width * columns_used, height, Width * columns_used, height
    print "font-family=\"system-ui, sans-serif\" font-size=\"12\" fill=\"#24292f\">"
    printf "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n", section
    for (i = 1; i <= drawn; i++) draw(order[i], ((i - 1) % Columns) * Width, top_of[order[i]])
    print "</svg>"
}
