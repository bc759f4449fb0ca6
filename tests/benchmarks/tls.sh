#!/usr/bin/env bash
# TLS beside nginx, on this machine and by turns: tests/benchmarks/tls.sh [ROUNDS [SECONDS]], 5 rounds of 3 s each by default.
# Needs what publish.sh --tls needs, and wrk, nginx, openssl, curl. Prints a table of medians; CPU is that of all of a server's processes.
set -euo pipefail

here="$(CDPATH='' cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
rounds="${1:-5}" each="${2:-3}"
work="$(mktemp -d /tmp/aotserve-tls.XXXXXXXXXX)"
declare -A pids=() ports=([aotserve]=18443 [nginx]=18444)
figures="$work/figures"
: >"$figures"

cleanup() {
    local name
    for name in "${!pids[@]}"; do kill "${pids[$name]}" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap cleanup EXIT

for tool in wrk nginx openssl curl; do
    command -v "$tool" >/dev/null || { echo "tls.sh: $tool is not installed" >&2; exit 1; }
done
"$here/../../publish.sh" --tls --output "$work/aotserve" </dev/null >&2
mkdir -p "$work/www" "$work/nginx"
head -c 1024 /dev/urandom >"$work/www/1k.bin"
head -c 100000000 /dev/urandom >"$work/www/100m.bin"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -days 30 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost 2>/dev/null
chmod 755 "$work" "$work/www"
cat >"$work/nginx.conf" <<CONF
worker_processes 2; pid $work/nginx/pid; error_log $work/nginx/error.log; daemon off;
events { worker_connections 12000; }
http {
    access_log off; sendfile on; tcp_nopush on; keepalive_timeout 300; keepalive_requests 100000000; open_file_cache max=1000;
    ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers off; ssl_ecdh_curve X25519:prime256v1:secp384r1; ssl_session_cache off;
    ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem;
    server { listen 127.0.0.1:${ports[nginx]} ssl; root $work/www; }
}
CONF
"$work/aotserve" "$work/www" --bind 127.0.0.1 --port "${ports[aotserve]}" --threads 2 --tls-cert "$work/cert.pem" --tls-key "$work/key.pem" \
    </dev/null >/dev/null 2>&1 &
pids[aotserve]=$!
nginx -c "$work/nginx.conf" -p "$work/nginx" </dev/null >/dev/null 2>&1 &
pids[nginx]=$!
sleep 1

# The processor time of a server and its children so far, in clock ticks (proc_pid_stat(5)).
ticks() {
    local pid
    for pid in "$1" $(pgrep -P "$1" || true); do cut -d ')' -f 2 "/proc/$pid/stat"; done | awk '{ sum += $12 + $13 } END { print sum }'
}

# note WHAT SERVER COUNT TICKS: notes the processor time for each, µs.
note() { awk -v w="$1" -v s="$2" -v n="$3" -v t="$4" -v hz="$(getconf CLK_TCK)" 'BEGIN { if (n > 0) print w, s, t / hz / n * 1e6 }' >>"$figures"; }

load() {
    local what="$1" name="$2" before count
    shift 2
    before="$(ticks "${pids[$name]}")"
    count="$("$@" | sed -nE -e 's/^ *([0-9]+) requests in.*/\1/p' -e 's/^([0-9]+) connections in [0-9]+ real.*/\1/p' | tail -n 1)"
    note "$what" "$name" "${count:-0}" "$(($(ticks "${pids[$name]}") - before))"
}

for ((round = 0; round < rounds; round++)); do
    for name in aotserve nginx; do
        url="https://127.0.0.1:${ports[$name]}"
        load keep64 "$name" wrk -t2 -c64 "-d${each}s" "$url/1k.bin"
        load new "$name" wrk -t2 -c16 "-d${each}s" -H 'Connection: close' "$url/1k.bin"
        load resumed "$name" openssl s_time -connect "127.0.0.1:${ports[$name]}" -www /1k.bin -time "$each" -reuse -tls1_3
        before="$(ticks "${pids[$name]}")"
        for ((i = 0; i < 10; i++)); do curl -sk -o /dev/null "$url/100m.bin"; done
        note 100m "$name" 10 "$(($(ticks "${pids[$name]}") - before))"
    done
done

echo '| CPU, µs | aotserve --tls | nginx | ratio |'
echo '| --- | ---: | ---: | ---: |'
for what in keep64 new resumed 100m; do
    for name in aotserve nginx; do
        declare "$name=$(awk -v w="$what" -v s="$name" '$1 == w && $2 == s { print $3 }' "$figures" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }')"
    done
    case "$what" in
        keep64) text='1 KB, 64 kept connections, a request' ;;
        new) text='new connection, ECDSA P-256, TLS 1.3' ;;
        resumed) text='resumed connection, TLS 1.3' ;;
        100m) text='100 MB' ;;
    esac
    awk -v t="$text" -v a="$aotserve" -v n="$nginx" 'BEGIN { printf "| %s | %.1f | %.1f | %.2f |\n", t, a, n, a / n }'
done
