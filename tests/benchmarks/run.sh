#!/usr/bin/env bash
# Measures AotServe beside its peers in one run and writes tables, raw numbers and plots. See README.md.
# shellcheck source-path=SCRIPTDIR
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: tests/benchmarks/run.sh [SECTION]... [OPTION]...

Sections (default: all): startup throughput files connections many memory shutdown logging tls

  --quick          few and short rounds: shows that everything works, not how fast it is
  --servers LIST   only these, such as aotserve,nginx
  --before FILE    another aotserve executable, measured beside this tree's
  --rounds N       how often each load is measured (default 3)
  --each SECONDS   for how long each time (default 2)
  --files N        the largest site of "many" (default 300000, quick 3000), 12 KiB a file in TMPDIR
  --minutes N      how long the mixed load of "memory" runs (default 10, quick 1)
  --output DIR     where the results go (default: .artifacts/benchmarks/results)
  --save           also copy them to tests/benchmarks/results, which the README shows
  --help           print this
USAGE
}

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
top="$(cd "$here/../.." && pwd)"
artifacts="$top/.artifacts/benchmarks"
every_section=(startup throughput files connections many memory shutdown logging tls)

say() { printf 'run.sh: %s\n' "$*" >&2; }
fail() { say "$1"; exit "${2:-1}"; }
have() { command -v "$1" >/dev/null 2>&1; }

source "$here/lib/build.sh"
source "$here/lib/servers.sh"
source "$here/lib/load.sh"
source "$here/lib/results.sh"
source "$here/sections/startup.sh"
source "$here/sections/throughput.sh"
source "$here/sections/files.sh"
source "$here/sections/connections.sh"
source "$here/sections/many.sh"
source "$here/sections/memory.sh"
source "$here/sections/shutdown.sh"
source "$here/sections/logging.sh"
source "$here/sections/tls.sh"

# The options; sets what the sections go by.
parse() {
    quick=false only='' before='' save=false output="$artifacts/results" sections=() minutes='' most_files=''
    starts=50 rounds=3 each=2 crowd=10000 stops=11
    while [[ $# -gt 0 ]]; do
        local option="$1" value=''
        shift
        case "$option" in
            --servers | --before | --rounds | --each | --files | --minutes | --output)
                [[ $# -gt 0 ]] || fail "$option needs a value; try --help" 2
                value="$1"
                shift
                ;;
        esac
        case "$option" in
            --quick) quick=true starts=3 rounds=1 each=1 stops=2 minutes="${minutes:-1}" ;;
            --servers) only=",$value," ;;
            --before) before="$(realpath "$value")" ;;
            --rounds) rounds="$value" ;;
            --each) each="$value" ;;
            --files) most_files="$value" ;;
            --minutes) minutes="$value" ;;
            --output) output="$value" ;;
            --save) save=true ;;
            --help | -h) usage; exit 0 ;;
            startup | throughput | files | connections | many | memory | shutdown | logging | tls) sections+=("$option") ;;
            *) fail "unknown: $option; try --help" 2 ;;
        esac
        [[ ! "$option" =~ ^--(rounds|each|files|minutes)$ || "$value" =~ ^[1-9][0-9]*$ ]] ||
            fail "$option $value: it is a whole number, 1 or more" 2
    done
    minutes="${minutes:-10}"
    if [[ -z "$most_files" ]]; then most_files="$([[ "$quick" == true ]] && echo 3000 || echo 300000)"; fi
    [[ ${#sections[@]} -gt 0 ]] || sections=("${every_section[@]}")
}

cleanup() {
    local status=$?
    trap - EXIT
    trap '' INT TERM
    stop_everything
    rm -rf "$work"
    exit "$status"
}

main() {
    parse "$@"
    [[ "$(uname -s)" == Linux ]] || fail 'it measures with the means of Linux'
    export LC_ALL=C
    local began=$SECONDS section
    work="$(mktemp -d)"
    chmod 755 "$work" # a server that was started by root reads the files as another user
    trap cleanup EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM

    raise_descriptor_limit
    build_everything
    find_servers
    make_files
    begin_results
    for section in "${sections[@]}"; do
        say "$section"
        "$section"
    done
    finish_results $((SECONDS - began))
}

main "$@"
