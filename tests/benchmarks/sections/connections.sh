# shellcheck shell=bash
# Many idle connections: what each takes, and what an active client beside them notices.

connections() {
    local name round
    local -a keeping
    mapfile -t keeping < <(all_but busybox "${hellos[@]}" "${start_only[@]}")
    for ((round = 1; round <= rounds; round++)); do
        for name in "${keeping[@]}"; do
            if start_server "$name"; then
                measure_crowd "$name"
                stop_server "$name"
            fi
        done
    done
}

measure_crowd() {
    local name="$1" opened kept alone50 alone99 beside50 beside99 before after
    "$tools/lifecycle" exec "$tools/crowd" "${ports[$name]}" /1k.html "$crowd" "$each" "${pids[$name]}" >"$work/crowd.out" 2>&1 &
    load_pid=$!
    wait_for_load
    if ! read -r opened kept alone50 alone99 beside50 beside99 before after <"$work/crowd.out" ||
        [[ ! "$opened" =~ ^[0-9]+$ || -z "$after" ]]; then
        note "$name: $crowd idle connections: $(tail -n 1 "$work/crowd.out")"
        return 0
    fi
    if ((kept < crowd)); then note "$name: of $crowd idle connections $opened could be opened and $kept stayed"; fi
    sample connections idle "$name" each "$(calculate "($after - $before) / $opened")"
    sample connections idle "$name" total "$(calculate "$after / 1e6")"
    sample connections active "$name" alone50 "$alone50"
    sample connections active "$name" beside50 "$beside50"
    sample connections active "$name" alone99 "$alone99"
    sample connections active "$name" beside99 "$beside99"
}
