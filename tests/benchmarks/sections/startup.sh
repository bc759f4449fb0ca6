# shellcheck shell=bash
# exec to the first byte of the first response, exec to listening, SIGTERM to exit; minor page faults of all that; sizes;
# memory at rest.

startup() {
    local name round kind first=0 crowded=false
    local -a starting
    mapfile -t starting < <(all_but "${two_threads[@]}")
    if [[ ! -w /proc/sys/vm/drop_caches ]]; then
        note 'cold starts: the page cache cannot be dropped here, so the executable alone is taken out of it'
    fi
    # All warm rounds come before the first cold one, which leaves nobody's pages in memory; round 0 makes them warm.
    for kind in start cold; do
        for ((round = first; round <= starts; round++)); do
            for name in "${starting[@]}"; do start_once "$kind" "$name" "$round"; done
        done
        first=1
    done
    for name in "${starting[@]}"; do
        sample startup file "$name" size "$(calculate "$(stat -c %s "$(executable_of "$name")") / 1e6")"
    done
    for ((round = 1; round <= rounds; round++)); do
        for name in "${starting[@]}"; do measure_rest "$name"; done
    done
}

# start_once start|cold SERVER ROUND: of round 0 nothing is taken down.
start_once() {
    local listening first stopped faults kind="$1" name="$2" case=warm
    if [[ "$kind" == cold ]]; then case=cold; fi
    pick_port
    make_command "$name" "$port"
    if HOME="$work" XDG_DATA_HOME="$work" XDG_CONFIG_HOME="$work" "$tools/lifecycle" "$kind" "$port" "$(path_of "$name")" "${command[@]}" \
        >"$work/start.out" 2>"$work/start.log"; then
        rm -f "$work"/*-"$port".conf
        if (($3 == 0)); then return 0; fi
        read -r listening first stopped faults <"$work/start.out"
        sample startup "$case" "$name" listening "$listening"
        sample startup "$case" "$name" first "$first"
        sample startup "$case" "$name" exit "$stopped"
        sample startup "$case" "$name" faults "$faults"
    else
        note "$name, $case start: $(tail -n 1 "$work/start.log")"
    fi
}

# After one answer and half a second of peace.
measure_rest() {
    start_server "$1" || return 0
    sleep 0.5
    measure_server "$1"
    sample startup rest "$1" rss "$(calculate "$rss / 1e6")"
    sample startup rest "$1" pss "$(calculate "$pss / 1e6")"
    stop_server "$1"
}
