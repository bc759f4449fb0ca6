# The tables that figures.tsv names, a row per server. After statistics.awk: figures.tsv, samples.tsv.
BEGIN { FS = "\t" }
FILENAME ~ /figures\.tsv$/ && !/^#/ {
    if (!($5 in columns)) { tables[++table_count] = $5; section_of[$5] = $1 }
    n = ++columns[$5]
    case_of[$5, n] = $2
    metric_of[$5, n] = $3
    decimals_of[$5, n] = $4
    heading_of[$5, n] = $6
}
function title(section) { return toupper(substr(section, 1, 1)) substr(section, 2) }

# Prints a table, without columns that nobody has a value for. Returns nothing where there is none at all.
function print_table(name,    section, n, i, s, used, head, rule, row, any, server) {
    section = section_of[name]
    n = columns[name]
    for (i = 1; i <= n; i++)
        for (s = 1; s <= server_count; s++)
            if (statistics(section, case_of[name, i], servers[s], metric_of[name, i])) used[i] = 1
    head = "| server |"
    rule = "| --- |"
    any = 0
    for (i = 1; i <= n; i++) if (i in used) { any = 1; head = head " " heading_of[name, i] " |"; rule = rule " ---: |" }
    if (!any) return
    if (section != last_section) print "\n## " title(section)
    last_section = section
    print "\n**" name "**\n"
    print head
    print rule
    for (s = 1; s <= server_count; s++) {
        server = servers[s]
        row = "| " server " |"
        any = 0
        for (i = 1; i <= n; i++) if (i in used) {
            if (statistics(section, case_of[name, i], server, metric_of[name, i])) {
                any = 1
                row = row " " shown(middle, decimals_of[name, i])
                if (lowest != highest)
                    row = row " (" shown(lowest, decimals_of[name, i]) "–" shown(highest, decimals_of[name, i]) ")"
                row = row " |"
            } else row = row " – |"
        }
        if (any) print row
    }
}
END { for (t = 1; t <= table_count; t++) print_table(tables[t]) }
