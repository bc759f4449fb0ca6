# shellcheck shell=bash
# The servers: which there are, how each is started, and that each is stopped. Sets servers, and command for one.

every_server=(aotserve aotserve-2-threads aotserve-built-in aotserve-fixed aotserve-dynamic before before-2-threads
    aot-floor aot-floor-fixed bare-epoll nginx lighttpd h2o caddy busybox hello-go hello-rust kestrel)
# What is measured at its start only: AotServe's other forms and the floors that answer one client at a time.
start_only=(aotserve-built-in aotserve-fixed aotserve-dynamic aot-floor aot-floor-fixed)
# What answers everything with the same bytes.
hellos=(hello-go hello-rust)
two_threads=(aotserve-2-threads before-2-threads)
next_port=$((20000 + $$ % 10000))
declare -A pids=() ports=()
crowded=true # whether the peers have to have room for many connections
load_pid='' # of the load that runs, if one does

wanted() { [[ -z "$only" || "$only" == *",$1,"* || ( "$1" == before* && -n "$before" ) ]]; }

# Sets servers to what is wanted and there; names what is missing and how to get it.
find_servers() {
    local name missing=()
    servers=()
    for name in "${every_server[@]}"; do
        wanted "$name" || continue
        case "$name" in
            aotserve | aotserve-2-threads | aotserve-built-in | aotserve-dynamic | aot-floor | bare-epoll) servers+=("$name") ;;
            *-fixed | hello-*) if [[ -x "$bin/$name" ]]; then servers+=("$name"); fi ;; # build.sh says why one is not there
            before*) if [[ -n "$before" ]]; then servers+=("$name"); fi ;;
            kestrel) if [[ -n "$kestrel_form" ]]; then servers+=("$name"); fi ;;
            busybox) if have busybox && [[ "$(busybox --list)" == *httpd* ]]; then servers+=("$name"); else missing+=("$name"); fi ;;
            *) if have "$name"; then servers+=("$name"); else missing+=("$name"); fi ;;
        esac
    done
    [[ ${#servers[@]} -gt 0 ]] || fail "no such server; there are ${every_server[*]}" 2
    if [[ ${#missing[@]} -gt 0 ]]; then
        say "not installed and left out: ${missing[*]} (Debian: apt install ${missing[*]})"
    fi
}

# Those of "${servers[@]}" that are not named.
all_but() {
    local name
    for name in "${servers[@]}"; do
        [[ " $* " == *" $name "* ]] || printf '%s\n' "$name"
    done
}

# Sets command to how server $1 is started on port $2.
make_command() {
    local name="$1" port="$2" config="$work/$1-$2.conf" template=''
    case "$name" in
        aotserve | aotserve-fixed | aotserve-dynamic | aotserve-hooks)
            command=("$bin/$name" "$files" --bind 127.0.0.1 --port "$port") ;;
        aotserve-2-threads) command=("$bin/aotserve" "$files" --bind 127.0.0.1 --port "$port" --threads 2) ;;
        aotserve-cache-0) command=("$bin/aotserve" "$files" --bind 127.0.0.1 --port "$port" --cache-size 0) ;;
        aotserve-tls)
            command=("$work/aotserve-tls" "$files" --bind 127.0.0.1 --port "$port" --tls-cert "$work/tls.pem" --tls-key "$work/tls.key")
            ;;
        aotserve-with-tls) command=("$work/aotserve-tls" "$files" --bind 127.0.0.1 --port "$port") ;;
        aotserve-built-in) command=("$bin/aotserve" --bind 127.0.0.1 --port "$port") ;;
        aotserve-off | aotserve-combined | aotserve-json)
            command=("$bin/aotserve" "$files" --bind 127.0.0.1 --port "$port")
            if [[ "$name" != *-off ]]; then command+=(--access-log "$work/$name.access.log" --log-format "${name#*-}"); fi
            ;;
        before) command=("$before" "$files" --bind 127.0.0.1 --port "$port") ;;
        before-2-threads) command=("$before" "$files" --bind 127.0.0.1 --port "$port" --threads 2) ;;
        aot-floor | aot-floor-fixed | hello-*) command=("$bin/$name" "$port") ;;
        bare-epoll) command=("$tools/bare-epoll" "$port") ;;
        bare-epoll-close) command=("$tools/bare-epoll" "$port" close) ;;
        nginx | nginx-off | nginx-combined | nginx-uncached | nginx-tls)
            template=nginx.conf command=("$(command -v nginx)" -p "$work" -e stderr -c "$config")
            ;;
        lighttpd) template=lighttpd.conf command=("$(command -v lighttpd)" -D -f "$config") ;;
        h2o) template=h2o.conf command=("$(command -v h2o)" -c "$config") ;;
        caddy | caddy-tls) template=$name.json command=("$(command -v caddy)" run --config "$config") ;;
        busybox) command=("$(command -v busybox)" httpd -f -p "127.0.0.1:$port" -h "$files") ;;
        kestrel) command=("$kestrel_folder/kestrel" "$files" "$port") ;;
    esac
    if [[ -n "$template" ]]; then
        sed -e "s|@PORT@|$port|" -e "s|@ROOT@|$files|" -e "s|@WORK@|$work|" "$here/peers/$template" >"$config"
        if [[ "$crowded" == false ]]; then sed -i '/[#] crowd$/d' "$config"; fi
        if [[ "$name" == nginx-combined ]]; then
            sed -i "s|access_log off;|access_log $work/$name.access.log combined buffer=64k flush=1s;|" "$config"
        fi
        if [[ "$name" == nginx-uncached ]]; then sed -i '/open_file_cache/d' "$config"; fi
        if [[ "$name" == nginx-tls ]]; then
            sed -i -e "s|listen .*|listen 127.0.0.1:$port ssl backlog=4096; ssl_certificate $work/tls.pem; ssl_certificate_key $work/tls.key;|" \
                -e 's|http {|&\n    ssl_protocols TLSv1.2 TLSv1.3; ssl_prefer_server_ciphers off; ssl_ecdh_curve X25519:prime256v1:secp384r1;|' "$config"
        fi
    fi
}

# What a start of server $1 is asked for: a file of 1 KB where it has one.
path_of() { if [[ "$1" == aotserve-built-in ]]; then printf /; else printf /1k.html; fi; }

# The file that is the server $1, for its size. What it shares with others of the system is not counted.
executable_of() {
    make_command "$1" 1
    realpath "${command[0]}"
}

version_of() {
    case "$1" in
        aotserve-2-threads) printf '%s, --threads 2\n' "$("$bin/aotserve" --version)" ;;
        aotserve-built-in) printf '%s, without a folder\n' "$("$bin/aotserve" --version)" ;;
        aotserve*) "$bin/$1" --version ;;
        aot-floor) printf 'as aotserve, another program\n' ;;
        aot-floor-fixed) printf 'as aotserve-fixed, another program\n' ;;
        hello-go) go version | cut -d ' ' -f 3 ;;
        hello-rust) rustc --version | cut -d ' ' -f 1-2 ;;
        before*) printf '%s, %s\n' "$("$before" --version)" "$(sha256sum "$before" | cut -c 1-12)" ;;
        bare-epoll) gcc --version | head -n 1 ;;
        nginx) nginx -v 2>&1 | sed 's/.*: //' ;;
        lighttpd) lighttpd -v | sed 's/ .*//' ;;
        h2o) h2o -v | sed -n 's/^h2o version /h2o /p' ;;
        caddy) printf 'caddy %s\n' "$(caddy version)" ;;
        busybox) busybox | sed -nE '1{s/ \(.*| multi-call.*//;p}' ;;
        kestrel) printf '%s\n' "$kestrel_form" ;;
    esac
}

# Sets port to one that nobody listens on.
pick_port() {
    while :; do
        port=$((next_port++))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
    done
}

# Starts server $1, waits until it answers and sets port; false, with a note, if it does not.
start_server() {
    local name="$1" i
    pick_port
    make_command "$name" "$port"
    HOME="$work" XDG_DATA_HOME="$work" XDG_CONFIG_HOME="$work" "$tools/lifecycle" exec "${command[@]}" >>"$work/$name.log" 2>&1 &
    pids[$name]=$! ports[$name]=$port
    for ((i = 0; i < 500; i++)); do
        if [[ "$name" == *-tls ]]; then
            if curl -sfk -o "$work/curl.out" "https://localhost:$port/1k.html"; then return 0; fi
        elif ask "$port" "$(path_of "$name")" && [[ "$status" == 200 ]]; then return 0; fi
        kill -0 "${pids[$name]}" 2>/dev/null || break
        sleep 0.02
    done
    note "$name did not start: $(tail -n 1 "$work/$name.log")"
    stop_server "$name"
    return 1
}

# Stops server $1; sets took to the milliseconds from SIGTERM to its end, or to nothing where it had to be killed.
stop_server() {
    local pid="${pids[$1]:-}"
    took=''
    [[ -n "$pid" ]] || return 0
    took="$("$tools/lifecycle" stop "$pid" 2>/dev/null)" || kill -KILL -- "-$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    unset "pids[$1]" "ports[$1]"
}

# Starts each server named; those that answer are in running.
start_servers() {
    local name
    running=()
    for name in "$@"; do
        if start_server "$name"; then running+=("$name"); fi
    done
}

stop_servers() {
    local name
    for name in "${!pids[@]}"; do stop_server "$name"; done
}

stop_everything() {
    if [[ -n "$load_pid" ]]; then kill -KILL -- "-$load_pid" 2>/dev/null || true; fi
    stop_servers
}

# What the server $1 takes: sets rss, pss and peak (the highest RSS so far), bytes, and cpu, seconds.
measure_server() { read -r rss pss cpu peak < <("$tools/tree" "${pids[$1]}"); }
