# shellcheck shell=bash
# TLS beside nginx and Caddy: kept connections, handshakes new and resumed, and 100 MB; and what the file with OpenSSL costs a start without TLS.

tls() {
    local name slice crowded=true scheme=https
    local -a variants=() order=()
    wanted aotserve && variants+=(aotserve-tls)
    have nginx || { note 'tls is left out: there is no nginx to measure it beside (Debian: apt install nginx)'; return 0; }
    [[ "$(gcc -print-file-name=libssl.a)" == */* ]] || { note 'tls is left out: there is no libssl.a (Debian: apt install libssl-dev)'; return 0; }
    have openssl && have curl || { note 'tls is left out: there is no openssl or curl to ask with'; return 0; }
    wanted nginx && variants+=(nginx-tls)
    if wanted caddy && have caddy; then variants+=(caddy-tls); fi
    "$top/publish.sh" --tls --output "$work/aotserve-tls" </dev/null >&2
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/tls.key" -out "$work/tls.pem" -days 30 \
        -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 2>/dev/null
    start_servers "${variants[@]}"
    # Slices of a second: within a longer one, whoever else uses the machine's processors comes or goes. Every other one backwards: a server
    # may still be at work when its own is over. What is kept gets two seconds: its 64 handshakes count, too.
    for ((slice = 1; slice <= 2 * rounds * each; slice++)); do
        order=()
        for name in "${running[@]}"; do
            if ((slice % 2)); then order+=("$name"); else order=("$name" "${order[@]}"); fi
        done
        for name in "${order[@]}"; do measure_tls "$name" keep64 /1k.html 64 2 plain; done
        for name in "${order[@]}"; do measure_handshakes "$name" new -new; done
        for name in "${order[@]}"; do measure_handshakes "$name" resumed -reuse; done
        for name in "${order[@]}"; do measure_tls "$name" 100m /100m.bin 8 1 plain; done
    done
    stop_servers
    if wanted aotserve; then start_both; fi
}

# measure_tls SERVER CASE PATH CONNECTIONS SECONDS MODE...
measure_tls() {
    local name="$1" case="$2" before
    measure_server "$name"
    before="$cpu"
    load "$name" "$3" "$4" "$5" "${@:6}" || return 0
    measure_server "$name"
    if [[ "$case" == 100m ]]; then
        sample tls "$case" "$name" bytes "$(calculate "$bytes / 1e6 / $seconds")"
        sample tls "$case" "$name" cpu "$(calculate "($cpu - $before) / ($bytes / 1e9)")"
        return 0
    fi
    if ((requests == 0)); then return 0; fi
    sample tls "$case" "$name" rate "$(calculate "$requests / $seconds")"
    sample tls "$case" "$name" cost "$(calculate "($cpu - $before) / $requests * 1e6")"
}

# measure_handshakes SERVER CASE HOW: handshakes of TLS 1.3, one after the other, with a request each. wrk would resume where it can. openssl
# ends with a second of the clock, so "-time 1" takes between one and two: how long it took is measured here, its own start included.
measure_handshakes() {
    local name="$1" case="$2" how="$3" before count began took
    measure_server "$name"
    before="$cpu"
    began="$EPOCHREALTIME"
    count="$(openssl s_time -connect "127.0.0.1:${ports[$name]}" -www /1k.html -time 1 "$how" -tls1_3 2>/dev/null </dev/null |
        sed -nE 's/^([0-9]+) connections in [0-9]+ real.*/\1/p' | tail -n 1)" || true
    took="$(calculate "$EPOCHREALTIME - $began")"
    if ((${count:-0} == 0)); then
        note "$name: no connection, $how"
        return 0
    fi
    measure_server "$name"
    sample tls "$case" "$name" rate "$(calculate "$count / $took")"
    sample tls "$case" "$name" cost "$(calculate "($cpu - $before) / $count * 1e6")"
}

# Starts without TLS of the default file and of the one with OpenSSL, by turns; round 0 makes them warm.
start_both() {
    local name round listening first rest crowded=false
    for ((round = 0; round <= starts; round++)); do
        for name in aotserve aotserve-with-tls; do
            pick_port
            make_command "$name" "$port"
            if ! "$tools/lifecycle" start "$port" /1k.html "${command[@]}" >"$work/start.out" 2>"$work/start.log"; then
                note "$name, start: $(tail -n 1 "$work/start.log")"
                continue
            fi
            read -r listening first rest <"$work/start.out"
            if ((round > 0)); then sample tls start "$name" first "$first"; fi
        done
    done
}
