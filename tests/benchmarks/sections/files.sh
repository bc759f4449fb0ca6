# shellcheck shell=bash
# Larger files, ranges and 304s, with what they cost the processor.

files() {
    local name round etag modified
    local -a serving
    mapfile -t serving < <(all_but bare-epoll busybox "${hellos[@]}" "${start_only[@]}")
    start_servers "${serving[@]}"
    for ((round = 1; round <= rounds; round++)); do
        if [[ "$quick" == false ]]; then
            for name in "${running[@]}"; do measure_file "$name" 10k /10k.html 64 200 plain; done
        fi
        for name in "${running[@]}"; do measure_file "$name" 100k /100k.bin 64 200 plain; done
        for name in "${running[@]}"; do measure_file "$name" 100m /100m.bin 8 200 plain; done
        for name in "${running[@]}"; do
            measure_file "$name" range /100m.bin 64 206 plain Range bytes=50000000-50016383
        done
        for name in "${running[@]}"; do
            ask "${ports[$name]}" /1k.html || continue
            measure_file "$name" not-modified /1k.html 64 304 plain ${etag:+If-None-Match "$etag"} \
                ${modified:+If-Modified-Since "$modified"}
        done
    done
    stop_servers
}

# How long the processors of the machine were busy since it started, seconds (proc_stat(5), which counts in hundredths).
busy_seconds() { awk '/^cpu / { print ($2 + $3 + $4 + $7 + $8) / 100; exit }' /proc/stat; }

# measure_file SERVER CASE PATH CONNECTIONS STATUS plain [NAME VALUE]...: only where it answers with that status.
measure_file() {
    local name="$1" case="$2" path="$3" connections="$4" expected="$5" before busy_before fields=() i duration="$each"
    shift 5
    if [[ "$case" == 100m ]] && ((duration < 2)); then duration=2; fi
    for ((i = 2; i < $#; i += 2)); do
        local value=$((i + 1))
        fields+=("${!i}: ${!value}")
    done
    if ! ask "${ports[$name]}" "$path" "${fields[@]}" || [[ "$status" != "$expected" ]]; then
        if [[ "$round" == 1 ]]; then note "$name, $case: answers ${status:-nothing} in place of $expected, so it is left out"; fi
        return 0
    fi
    measure_server "$name"
    before="$cpu"
    busy_before="$(busy_seconds)"
    load "$name" "$path" "$connections" "$duration" "$@" || return 0
    measure_server "$name"
    sample files "$case" "$name" bytes "$(calculate "$bytes / 1e6 / $seconds")"
    sample files "$case" "$name" cpu "$(calculate "($cpu - $before) / ($bytes / 1e9)")"
    sample files "$case" "$name" whole "$(calculate "($(busy_seconds) - $busy_before) / ($bytes / 1e9)")"
    if [[ "$case" == 100m ]] || ((requests == 0)); then return 0; fi # few are sent in full
    sample files "$case" "$name" rate "$(calculate "$requests / $seconds")"
    sample files "$case" "$name" cost "$(calculate "($cpu - $before) / $requests * 1e6")"
    sample files "$case" "$name" p99 "$(calculate "$p99 / 1000")"
}
