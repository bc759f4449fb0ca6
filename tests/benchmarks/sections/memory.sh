# shellcheck shell=bash
# AotServe's memory over a long mixed load, and what a request allocates once warm.

memory() {
    if wanted aotserve; then
        measure_allocations
        measure_course
    fi
}

# By a counter in a binary of its own (publish.sh --test-hooks).
measure_allocations() {
    local etag port
    start_server aotserve-hooks || return 0
    port="${ports[aotserve-hooks]}"
    ask "$port" /1k.html || true
    count_allocations 1k /1k.html
    count_allocations 100k /100k.bin
    count_allocations not-modified /1k.html "If-None-Match: $etag"
    count_allocations missing /not/here.html
    stop_server aotserve-hooks
}

# count_allocations CASE PATH [FIELD]
count_allocations() {
    local case="$1" path="$2" count=100000 sum reading answered
    shift 2
    if ! "$tools/allocated" "$port" "$count" "$path" "$@" >"$work/allocated.out" 2>&1; then
        note "allocations, $case: $(tail -n 1 "$work/allocated.out")"
        return 0
    fi
    read -r sum reading answered <"$work/allocated.out"
    sample memory "allocated-$case" aotserve sum "$sum"
    sample memory "allocated-$case" aotserve each "$(calculate "$sum / $count")"
    say "$count answers of $answered to $path allocated $sum bytes (reading the counter: $reading)"
}

measure_course() {
    local began=$SECONDS step=$((minutes * 60 / 120)) modified first='' last=0 most=0
    ((step > 0)) || step=1
    start_server aotserve || return 0
    ask "${ports[aotserve]}" /1k.html || true
    measure_server aotserve
    sample memory mixed aotserve begin "$(calculate "$rss / 1e6")"
    start_load "$work/mixed.out" "${ports[aotserve]}" / 64 $((minutes * 60)) mixed "$modified"
    while kill -0 "$load_pid" 2>/dev/null; do
        sleep "$step" &
        wait $! || true
        measure_server aotserve
        last="$(calculate "$rss / 1e6")"
        sample memory course aotserve at "$((SECONDS - began))"
        sample memory course aotserve rss "$last"
        if [[ -z "$first" ]] && ((SECONDS - began >= minutes * 6)); then
            first="$last"
            sample memory mixed aotserve early "$first"
        fi
        most="$(calculate "$last > $most ? $last : $most")"
    done
    wait_for_load
    sample memory mixed aotserve most "$most"
    sample memory mixed aotserve end "$last"
    if read_load "$work/mixed.out"; then
        sample memory mixed aotserve requests "$requests"
        sample memory mixed aotserve failures "$failures"
    else
        note 'the mixed load came to nothing'
    fi
    stop_server aotserve
}
