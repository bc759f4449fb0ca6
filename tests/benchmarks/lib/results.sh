# shellcheck shell=bash
# Takes measurements down, and makes tables, targets, raw numbers and plots of them.

begin_results() {
    samples="$work/samples.tsv" notes="$work/notes.tsv" facts="$work/facts.tsv"
    : >"$samples"
    : >"$notes"
    collect_facts >"$facts"
}

# sample SECTION CASE SERVER METRIC VALUE
sample() { printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$samples"; }

# Something that a reader of the results must know.
note() {
    say "$*"
    [[ -z "${notes:-}" ]] || printf '%s\n' "$*" >>"$notes"
}

calculate() { awk "BEGIN { printf \"%.9g\", ($1) }"; }

collect_facts() {
    local name
    fact() { printf '%s\t%s\n' "$@"; }
    fact date "$(date -u '+%F %H:%M UTC')"
    if have git && git -C "$top" rev-parse --git-dir >/dev/null 2>&1; then
        fact commit "$(git -C "$top" describe --always --dirty --exclude '*')"
    fi
    fact processor "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores"
    fact memory "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo)"
    fact system "$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release), Linux $(uname -r)"
    fact 'load before the run' "$(cut -d ' ' -f 1 /proc/loadavg)"
    fact 'measured with' "$(wrk --version 2>&1 | sed -n 's/^\(wrk [^ ]*\).*/\1/p'), $rounds rounds of $each s$([[ "$quick" == true ]] && echo ', quick: a check of the machinery')"
    for name in "${servers[@]}"; do fact "$name" "$(version_of "$name" 2>/dev/null || echo '?')"; done
}

# The last step: $1 is how many seconds the run took.
finish_results() {
    local section
    printf 'duration\t%d min %d s\n' $(($1 / 60)) $(($1 % 60)) >>"$facts"
    mkdir -p "$output"
    rm -f "$output"/*.svg
    local statistics="$here/report/statistics.awk"
    {
        awk -f "$here/report/facts.awk" "$facts" "$notes"
        awk -f "$statistics" -f "$here/report/tables.awk" "$here/figures.tsv" "$samples"
        awk -f "$statistics" -f "$here/report/targets.awk" "$samples"
    } >"$output/results.md"
    awk -f "$here/report/raw.awk" "$facts" "$samples" "$notes" >"$output/raw.json"
    for section in "${sections[@]}"; do
        if [[ "$section" == many ]]; then
            awk -f "$statistics" -f "$here/report/curves.awk" "$samples" >"$output/many.svg"
            continue
        fi
        awk -v section="$section" -f "$statistics" -f "$here/report/bars.awk" "$here/figures.tsv" "$samples" >"$work/plot.svg"
        if [[ -s "$work/plot.svg" ]]; then cp "$work/plot.svg" "$output/$section.svg"; fi
    done
    if grep -q '^memory.course' "$samples"; then
        awk -f "$here/report/curve.awk" "$samples" >"$output/memory-course.svg"
    fi
    cat "$output/results.md"
    if [[ "$save" == true ]]; then
        rm -rf "$here/results"
        mkdir -p "$here/results"
        cp "$output"/results.md "$output"/raw.json "$output"/*.svg "$here/results/"
    fi
    say "written to $output"
}
