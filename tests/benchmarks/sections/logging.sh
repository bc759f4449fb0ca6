# shellcheck shell=bash
# What an access log costs: 1 KB over 64 kept connections with and without one, by turns. AotServe as it is started by default.

logging() {
    local name round off kind
    local -a variants=()
    if wanted aotserve; then variants+=(aotserve-off aotserve-combined aotserve-json); fi
    if wanted nginx && have nginx; then variants+=(nginx-off nginx-combined); fi
    start_servers "${variants[@]}"
    for ((round = 1; round <= rounds; round++)); do
        for kind in aotserve nginx; do
            off=''
            for name in "${running[@]}"; do
                if [[ "$name" == "$kind"-* ]]; then measure_logging "$name"; fi
            done
        done
    done
    stop_servers
    check_log aotserve-combined
    check_log aotserve-json
    check_log nginx-combined
    rm -f "$work"/*.access.log
}

# measure_logging SERVER: the first of a kind is the one without a log; off is its rate in this round.
measure_logging() {
    local name="$1" before rate
    measure_server "$name"
    before="$cpu"
    load "$name" /1k.html 64 "$each" plain || return 0
    if ((requests == 0)); then return 0; fi
    measure_server "$name"
    rate="$(calculate "$requests / $seconds")"
    if [[ "$name" == *-off ]]; then off="$rate"; fi
    answered[$name]=$((${answered[$name]:-0} + requests))
    sample logging keep64 "$name" rate "$rate"
    sample logging keep64 "$name" cost "$(calculate "($cpu - $before) / $requests * 1e6")"
    if [[ -n "$off" ]]; then sample logging keep64 "$name" ratio "$(calculate "$rate / $off")"; fi
}

declare -A answered=()

# A log that is quick because it leaves lines out is none.
check_log() {
    local lines
    [[ -n "${answered[$1]:-}" ]] || return 0
    lines="$(wc -l <"$work/$1.access.log")"
    if ((lines < answered[$1])); then note "$1: $((answered[$1] - lines)) of ${answered[$1]} answers have no line in the log"; fi
}
