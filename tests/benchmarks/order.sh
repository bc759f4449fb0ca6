#!/usr/bin/env bash
# Writes src/AotServe/start.order: the functions of a start and of the first requests, in the order in which they are first called. The
# compiler puts them side by side, so that a start reads few pages of the program. To be run when much of the start has changed; a name
# that is no more does no harm, a new one only lies elsewhere. Needs the SDK, gcc, nm, readelf and curl, on x86-64 Linux.
set -euo pipefail

here="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd -- "$here/../.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
for tool in gcc nm readelf curl; do
    command -v "$tool" >/dev/null || { echo "order.sh: $tool is missing" >&2; exit 1; }
done

gcc -O1 -Wall -Wextra -Werror -o "$work/first-calls" "$here/tools/first-calls.c"
"$root/publish.sh" --output "$work/aotserve"
symbols="$root/.artifacts/aotserve.dbg"

# The functions that the compiler has made, which lie in a section of their own.
read -r start size < <(readelf -SW "$work/aotserve" | sed 's/\[ *//' | awk '$2 == "__managedcode" { print $4, $6 }')
end="$(printf '%016x' $((0x$start + 0x$size)))"
nm "$symbols" | awk -v start="$start" -v end="$end" '($2 == "t" || $2 == "T") && $1 >= start && $1 < end { print $1, $3 }' >"$work/functions"

mkdir "$work/site"
printf '<!DOCTYPE html><title>x</title>%1000s\n' '' >"$work/site/index.html"
head -c 200000 /dev/zero >"$work/site/large.bin"

# One run: what is served, and some requests.
run() {
    local url server port='' i
    : >"$work/log" # Not the line of the run before.
    "$work/first-calls" "$work/functions" "$work/aotserve" "$@" --port 0 >>"$work/calls" 2>"$work/log" &
    for ((i = 0; i < 500; i++)); do
        port="$(sed -n 's/^Serving .*localhost:\([0-9]*\).*/\1/p' "$work/log")"
        [[ -z "$port" ]] || break
        sleep 0.02
    done
    url="http://127.0.0.1:$port"
    curl -sS -o "$work/body" "$url/" -o "$work/body" "$url/"
    curl -sS -o "$work/body" -H 'Accept-Encoding: gzip' -H 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT' "$url/"
    curl -sS -o "$work/body" -I "$url/none"
    curl -sS -o "$work/body" -r 0-99 "$url/large.bin"
    curl -sS -o "$work/body" "$url/large.bin"
    sleep 0.1 # What the server puts off until it has started is done by then.
    server="$(sed -n 's/^Serving .*pid \([0-9]*\).*/\1/p' "$work/log")"
    [[ -z "$server" ]] || kill -TERM "$server"
    wait
}

run "$work/site"
run
awk '!seen[$0]++' "$work/calls" >"$root/src/AotServe/start.order"
printf '%s functions of %s\n' "$(wc -l <"$root/src/AotServe/start.order")" "$(wc -l <"$work/functions")"
