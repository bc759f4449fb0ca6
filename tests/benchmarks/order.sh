#!/usr/bin/env bash
# Writes what a start and the first requests call, in the order of their first calls: src/AotServe/start.order for the compiler, and
# src/AotServe/Native/start.ld for the linker, with what comes from the runtime's libraries and the C library. They put it side by side,
# so that a start reads few pages of the program. To be run when much of the start has changed; a name that is no more does no harm, a
# new one only lies elsewhere. Needs the SDK, gcc, nm, readelf and curl, on x86-64 Linux.
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

map="$root/src/AotServe/obj/aot-net10.0-linux-x64-static/Release/net10.0/linux-x64/native/aotserve.map"

# Each piece of code that the linker has taken from a library: its first and its last address, and its name for the linker. A long name
# has a line of its own before the rest. Addresses of one length compare as text.
awk '
    /^ \.text/ && NF == 1 { name = $1; next }
    /^ \.text/ && NF >= 4 { name = $1; $1 = ""; $0 = $0 }
    name != "" && NF >= 3 && $1 ~ /^0x/ && $2 != "0x0" {
        file = $3; for (i = 4; i <= NF; i++) file = file " " $i
        sub(/.*\//, "", file)
        if (file ~ /\(/) { archive = file; sub(/\(.*/, "", archive); sub(/.*\(/, "", file); sub(/\)$/, "", file); file = archive ":" file }
        print $1, $2, "*" file "(" name ")"
    }
    { name = "" }' "$map" | while read -r from length piece; do
    printf '0x%016x 0x%016x %s\n' "$from" "$((from + length))" "$piece"
done | sort >"$work/pieces"

# The functions that the compiler has made lie in a section of their own and go by their names; all others go by their addresses, and
# some have none: a piece begins with its first.
read -r start size < <(readelf -SW "$work/aotserve" | sed 's/\[ *//' | awk '$2 == "__managedcode" { print $4, $6 }')
end="$(printf '%016x' $((0x$start + 0x$size)))"
cat "$work/pieces" <(nm "$symbols") | awk -v start="x$start" -v end="x$end" '
    /^0x/ { address = substr($1, 3); if (!seen[address]++) print address, "0x" address; next }
    $2 ~ /^[tT]$/ && "x" $1 >= start && "x" $1 < end { print $1, $3; next } # As text: 167e20 is a number to awk.
    $2 ~ /^[tTwWi]$/ && !seen[$1]++ { print $1, "0x" $1 }' >"$work/functions"

mkdir "$work/site"
printf '<!DOCTYPE html><title>x</title>%1000s\n' '' >"$work/site/index.html"
head -c 200000 /dev/zero >"$work/site/large.bin"

# One run: what is served, and some requests.
run() {
    local url server port='' i
    : >"$work/log" # Not the line of the run before.
    "$work/first-calls" "$work/functions" "$work/aotserve" "$@" --port 0 >>"$work/calls" 2>"$work/log" &
    for ((i = 0; i < 500; i++)); do
        port="$(sed -n 's/^Serving .*:\([0-9]*\).*/\1/p' "$work/log")"
        [[ -z "$port" ]] || break
        sleep 0.02
    done
    url="http://127.0.0.1:$port"
    curl -sS -o "$work/body" "$url/" -o "$work/body" "$url/"
    curl -sS -o "$work/body" -H 'Accept-Encoding: gzip' -H 'If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT' "$url/"
    curl -sS -o "$work/body" -I "$url/none"
    curl -sS -o "$work/body" -r 0-99 "$url/large.bin"
    curl -sS -o "$work/body" "$url/large.bin"
    exec 3<>"/dev/tcp/127.0.0.1/$port" # A connection that is open at the end.
    printf 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n' >&3
    head -c 1 <&3 >"$work/body"
    sleep 0.1 # What the server puts off until it has started is done by then.
    server="$(sed -n 's/^Serving .*pid \([0-9]*\).*/\1/p' "$work/log")"
    [[ -z "$server" ]] || kill -TERM "$server"
    wait
    exec 3<&-
}

# At one address, without an index page, which the server hints at; on all, with one; the built-in site.
mkdir "$work/plain"
cp "$work/site/large.bin" "$work/plain"
run "$work/plain" --bind 127.0.0.1
run "$work/site"
run
awk '!/^0x/ && !seen[$0]++' "$work/calls" >"$root/src/AotServe/start.order"

{
    printf '%s\n' '/* Written by tests/benchmarks/order.sh: what a start calls of the libraries, side by side (GNU ld; INSERT in its manual). */' \
        'SECTIONS' '{' '    .fini : { KEEP (*(SORT_NONE(.fini))) }' '    .text.start :' '    {'
    awk '
        FNR == NR { from[++count] = $1; end[count] = $2; piece[count] = $3; next }
        !/^0x/ { next }
        {
            low = 1; high = count
            while (low < high) { middle = int((low + high + 1) / 2); if (from[middle] <= $0) low = middle; else high = middle - 1 }
            if ($0 < end[low] && !seen[piece[low]]++) print "        " piece[low]
        }' "$work/pieces" "$work/calls"
    # Before it the end of a run, and after it what the compiler has put side by side.
    printf '%s\n' '    }' '    __managedcode : { *(__managedcode) }' '}' 'INSERT BEFORE .text;'
} >"$root/src/AotServe/Native/start.ld"
printf '%s of the %s functions, %s pieces of libraries\n' "$(wc -l <"$root/src/AotServe/start.order")" \
    "$(grep -vc ' 0x' "$work/functions")" "$(grep -c '^        ' "$root/src/AotServe/Native/start.ld")"
