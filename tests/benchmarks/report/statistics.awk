# Reads the samples (section, case, server, metric, value; one line each) and knows their medians and spread.

FILENAME ~ /samples\.tsv$/ {
    key = $1 SUBSEP $2 SUBSEP $3 SUBSEP $4
    values[key, ++count[key]] = $5 + 0
    if (!($3 in known)) { known[$3] = 1; servers[++server_count] = $3 }
}

# Sorts the values of a key once; leaves middle, lowest and highest. False where there are none.
# METRIC@lowest and METRIC@quartile are these values and not the median, without a spread.
function statistics(section, case_, server, metric,    key, n, i, j, v, which) {
    which = ""
    if (i = index(metric, "@")) {
        which = substr(metric, i + 1)
        metric = substr(metric, 1, i - 1)
    }
    key = section SUBSEP case_ SUBSEP server SUBSEP metric
    n = count[key] + 0
    if (n == 0) return 0
    if (!(key in sorted)) {
        for (i = 2; i <= n; i++) {
            v = values[key, i]
            for (j = i - 1; j >= 1 && values[key, j] > v; j--) values[key, j + 1] = values[key, j]
            values[key, j + 1] = v
        }
        sorted[key] = 1
    }
    middle = n % 2 ? values[key, (n + 1) / 2] : (values[key, n / 2] + values[key, n / 2 + 1]) / 2
    # Of many values the middle half is the spread, of a few the whole.
    lowest = values[key, n >= 20 ? int(n / 4) + 1 : 1]
    highest = values[key, n >= 20 ? n - int(n / 4) : n]
    if (which != "") lowest = highest = middle = values[key, which == "lowest" ? 1 : int((n - 1) / 4) + 1]
    return 1
}

# A number with so many decimals and commas between its thousands.
function shown(value, decimals,    text, whole, rest) {
    text = sprintf("%." decimals "f", value)
    if (text ~ /^-0(\.0*)?$/) text = substr(text, 2)
    whole = text
    rest = ""
    if (match(text, /\./)) { whole = substr(text, 1, RSTART - 1); rest = substr(text, RSTART) }
    while (match(whole, /[0-9][0-9][0-9][0-9]($|,)/)) whole = substr(whole, 1, RSTART) "," substr(whole, RSTART + 1)
    return whole rest
}
