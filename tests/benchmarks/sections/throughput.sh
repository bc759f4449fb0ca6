# shellcheck shell=bash
# A 1 KB file: keep-alive at several numbers of connections, pipelined, and with a new connection per request.

throughput() {
    local name round connections
    local -a keeping
    local counts=(4 64 512 4096)
    if [[ "$quick" == true ]]; then counts=(64 4096); fi
    # busybox httpd closes each connection after its answer and starts a process for each: only the last case suits it.
    mapfile -t keeping < <(all_but busybox "${start_only[@]}")
    start_servers "${keeping[@]}"
    if [[ "$quick" == false ]]; then warm_up; fi
    for ((round = 1; round <= rounds; round++)); do
        for connections in "${counts[@]}"; do
            for name in "${running[@]}"; do measure_throughput "$name" "keep$connections" "$connections" plain; done
        done
        for name in "${running[@]}"; do
            # bare-epoll takes what arrives for one request.
            if [[ "$name" != bare-epoll ]]; then measure_throughput "$name" pipelined 64 pipeline 16; fi
        done
    done
    stop_server bare-epoll

    mapfile -t keeping < <(all_but bare-epoll "${start_only[@]}")
    for name in "${keeping[@]}"; do
        if [[ -z "${ports[$name]:-}" ]] && start_server "$name"; then running+=("$name"); fi
    done
    if wanted bare-epoll; then start_server bare-epoll-close || true; fi
    for ((round = 1; round <= rounds; round++)); do
        for name in "${running[@]}"; do
            if [[ "$name" == bare-epoll ]]; then name=bare-epoll-close; fi
            measure_throughput "$name" closing 64 plain Connection close
        done
    done
    stop_servers
}

# Once, unmeasured, so that no server's first round is its warming up.
warm_up() {
    local name
    for name in "${running[@]}"; do load "$name" /1k.html 64 1 plain || true; done
}

# measure_throughput SERVER CASE CONNECTIONS MODE...
measure_throughput() {
    local name="$1" case="$2" connections="$3" shown="${1%-close}" before
    shift 3
    [[ -n "${ports[$name]:-}" ]] || return 0
    measure_server "$name"
    before="$cpu"
    load "$name" /1k.html "$connections" "$each" "$@" || return 0
    if ((requests == 0)); then return 0; fi
    measure_server "$name"
    sample throughput "$case" "$shown" rate "$(calculate "$requests / $seconds")"
    sample throughput "$case" "$shown" cost "$(calculate "($cpu - $before) / $requests * 1e6")"
    # wrk corrects latencies by the mean time of a request, which means nothing where sixteen are sent at once.
    if [[ "$case" == pipelined ]]; then return 0; fi
    sample throughput "$case" "$shown" p50 "$(calculate "$p50 / 1000")"
    sample throughput "$case" "$shown" p99 "$(calculate "$p99 / 1000")"
    sample throughput "$case" "$shown" p999 "$(calculate "$p999 / 1000")"
}
