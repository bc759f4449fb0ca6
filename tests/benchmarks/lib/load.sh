# shellcheck shell=bash
# What the servers are asked, and by what.

# A server and its client need a descriptor a connection each.
raise_descriptor_limit() {
    local hard
    hard="$(ulimit -Hn)"
    [[ "$hard" != unlimited ]] || hard=1048576
    ulimit -n "$hard"
    if ((crowd > hard - 200)); then
        crowd=$((hard > 400 ? hard - 200 : 200))
        say "only $crowd idle connections: no more than $hard descriptors a process"
    fi
}

# Writes $2 bytes that do not compress to nothing into file $1.
make_file() { head -c "$2" < <(base64 -w 100 /dev/urandom 2>/dev/null) >"$files/$1"; }

make_files() {
    local i
    files="$work/files"
    mkdir -p "$files/many"
    make_file 1k.html 1024
    make_file 10k.html 10240
    make_file 100k.bin 102400
    make_file 100m.bin 104857600
    for ((i = 0; i < 500; i++)); do make_file "many/$(printf '%03d' "$i").html" $((1024 + i * 40)); done
    chmod -R a+rX "$files"
}

# ask PORT PATH [FIELD]...: one request. Sets status, etag, modified and length from the head of the answer.
ask() {
    local port="$1" path="$2" line
    shift 2
    status='' etag='' modified='' length=''
    { exec 4<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null || return 1
    printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n' "$path" >&4
    if [[ $# -gt 0 ]]; then printf '%s\r\n' "$@" >&4; fi
    printf '\r\n' >&4
    while IFS= read -r -t 5 line <&4; do
        line="${line%$'\r'}"
        case "${line,,}" in
            http/*) status="${line#* }" status="${status%% *}" ;;
            etag:*) etag="${line#*: }" ;;
            last-modified:*) modified="${line#*: }" ;;
            content-length:*) length="${line#*: }" ;;
            '') break ;;
        esac
    done
    exec 4>&-
    [[ -n "$status" ]]
}

# load SERVER PATH CONNECTIONS SECONDS MODE...: runs wrk on a server that runs. Sets requests, seconds, bytes, failures,
# refused (statuses above 399), p50, p99 and p999 (microseconds). False, with a note, if nothing came of it.
load() {
    local name="$1" path="$2" connections="$3" duration="$4"
    shift 4
    start_load "$work/load.out" "${ports[$name]}" "$path" "$connections" "$duration" "$@"
    wait_for_load
    read_load "$work/load.out" || { note "$name: no result of $connections connections to $path"; return 1; }
    if ((failures + refused > 0)); then
        note "$name, $path, $connections connections${mode_shown:+, $mode_shown}: $failures socket errors and $refused error statuses beside $requests answers"
    fi
}

# The same begun in the background, its output into file $1; sets load_pid. A section may have set scheme to https.
start_load() {
    local out="$1" port="$2" path="$3" connections="$4" duration="$5"
    shift 5
    mode_shown="${1#plain}"
    "$tools/lifecycle" exec wrk -t 2 -c "$connections" -d "${duration}s" --timeout 10s -s "$here/load/wrk.lua" \
        "${scheme:-http}://127.0.0.1:$port$path" -- "$@" >"$out" 2>&1 &
    load_pid=$!
}

wait_for_load() {
    wait "$load_pid" 2>/dev/null || true
    load_pid=''
}

read_load() {
    local word
    word=''
    read -r word requests seconds bytes failures refused p50 p99 p999 < <(grep '^RESULT ' "$1") || true
    [[ "$word" == RESULT && "$bytes" -gt 0 ]]
}
