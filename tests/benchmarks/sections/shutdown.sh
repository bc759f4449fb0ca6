# shellcheck shell=bash
# SIGTERM to exit: idle, and while 64 connections ask as fast as they can.

shutdown() {
    local name round
    local -a stopping
    mapfile -t stopping < <(all_but "${two_threads[@]}" "${hellos[@]}" "${start_only[@]}")
    for ((round = 1; round <= stops; round++)); do
        for name in "${stopping[@]}"; do
            start_server "$name" || continue
            sleep 0.2
            finish_stop "$name" idle
            # Of a server that starts a process per request, the load would be measured and not the stop.
            if [[ "$name" == busybox ]]; then continue; fi
            start_server "$name" || continue
            start_load "$work/load.out" "${ports[$name]}" /1k.html 64 5 plain
            sleep 0.4
            finish_stop "$name" loaded
            kill -TERM "$load_pid" 2>/dev/null || true
            wait_for_load
        done
    done
}

# finish_stop SERVER CASE
finish_stop() {
    stop_server "$1"
    if [[ -n "$took" ]]; then sample shutdown "$2" "$1" exit "$took"; else note "$1, $2: did not end within 15 s of SIGTERM"; fi
}
