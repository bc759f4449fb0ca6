# shellcheck shell=bash
# Sites larger than a cache: files of 10 KB, asked for at random over 64 connections, by their number. What is in the page
# cache, and what is not. And one file from servers that keep nothing.

many() {
    local files="$work/site" count variant variants=() counts=() cold=true crowded=false # the servers of this section serve these files
    for variant in aotserve aotserve-cache-0 before nginx nginx-uncached lighttpd caddy; do
        if [[ " ${servers[*]} " == *" ${variant%%-*} "* ]]; then variants+=("$variant"); fi
    done
    if [[ ${#variants[@]} -eq 0 ]]; then return 0; fi
    choose_counts
    if [[ ${#counts[@]} -gt 0 ]]; then
        make_site
        for count in "${counts[@]}"; do measure_many "$count"; done
        if [[ "$cold" == true ]]; then
            for count in "${counts[@]}"; do
                if ((count >= 30000 || count == counts[-1])); then measure_cold "$count"; fi
            done
        fi
    fi
    measure_keeping_nothing
    rm -rf "$files"
}

# Sets counts to the numbers of files that there is room for, no more than --files, and makes the folder for them.
choose_counts() {
    local count free inodes memory
    mkdir -m 755 "$files"
    cp -p "$work/files/1k.html" "$files/"
    free="$(df -Pk "$work" | awk 'NR == 2 { print $4 }')"
    inodes="$(df -Pi "$work" | awk 'NR == 2 { print $4 }')"
    memory="$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)"
    for count in 300 3000 30000 90000 300000; do
        if ((count > most_files)); then break; fi
        # A file of 10 KB takes 12 KiB, and half a gigabyte is left for others. Some file systems count no inodes.
        if ((count * 12 + 524288 > free)) || { [[ "$inodes" =~ ^[1-9][0-9]*$ ]] && ((count + count / 300 > inodes)); }; then
            note "many: too little room in ${TMPDIR:-/tmp} for $count files: $((count * 12 / 1024)) MiB and $count inodes (name another folder by TMPDIR)"
            break
        fi
        if ((count * 12 > memory)); then
            note "many: the page cache cannot hold $count files: $((count * 12 / 1024)) MiB, with $((memory / 1024)) MiB of memory to be had"
        fi
        counts+=("$count")
    done
    if [[ ${#counts[@]} -eq 0 ]]; then note "many: no site is measured: --files $most_files, and the least is 300"; fi
    if [[ "$(stat -f -c %T "$work")" == tmpfs ]]; then
        cold=false
        note "many: no cold page cache is measured: ${TMPDIR:-/tmp} is in memory (name a folder on a disk by TMPDIR)"
    fi
}

# One tree, of which each number of files is the beginning.
make_site() {
    say "making ${counts[-1]} files"
    "$tools/lifecycle" exec "$tools/site" make "$files" "${counts[-1]}" &
    load_pid=$!
    wait "$load_pid" || fail "no site of ${counts[-1]} files could be made in $files"
    load_pid=''
}

# measure_many COUNT
measure_many() {
    local count="$1" name round filling=1
    start_servers "${variants[@]}"
    # A server's cache is as full as it gets before anything is measured.
    if [[ "$quick" == false ]]; then filling=$((1 + count / 30000)); fi
    for name in "${running[@]}"; do load "$name" / 64 "$filling" random "$count" 0 || true; done
    for ((round = 1; round <= rounds; round++)); do
        for name in "${running[@]}"; do measure_random "$name" "warm$count" random "$count" "$round"; done
    done
    for name in "${running[@]}"; do
        measure_server "$name"
        sample many "warm$count" "$name" pss "$(calculate "$pss / 1e6")"
        sample many "warm$count" "$name" rss "$(calculate "$rss / 1e6")"
        sample many "warm$count" "$name" peak "$(calculate "$peak / 1e6")"
    done
    stop_servers
}

# measure_cold COUNT: neither the page cache nor the server has any of the files.
measure_cold() {
    local count="$1" name round stayed pages
    for ((round = 1; round <= rounds; round++)); do
        for name in "${variants[@]}"; do
            start_server "$name" || continue
            read -r stayed pages < <("$tools/site" forget "$files" "$count") || fail 'the files could not be taken out of the page cache'
            if ((stayed * 100 > pages)); then note "many: $stayed of $pages pages stayed in the page cache that was to be cold"; fi
            measure_random "$name" "cold$count" random "$count" "$round"
            stop_server "$name"
        done
    done
}

# One file, again and again, from a server that opens it each time.
measure_keeping_nothing() {
    local name round
    local -a keeping_nothing=()
    for name in aotserve-cache-0 nginx-uncached; do
        if [[ " ${variants[*]} " == *" $name "* ]]; then keeping_nothing+=("$name"); fi
    done
    start_servers "${keeping_nothing[@]}"
    for ((round = 1; round <= rounds; round++)); do
        for name in "${running[@]}"; do measure_random "$name" one plain; done
    done
    stop_servers
}

# measure_random SERVER CASE MODE...
measure_random() {
    local name="$1" case="$2" path=/ before
    shift 2
    if [[ "$case" == one ]]; then path=/1k.html; fi
    measure_server "$name"
    before="$cpu"
    load "$name" "$path" 64 "$each" "$@" || return 0
    requests=$((requests - refused)) # a server that is out of descriptors is quick to say so
    if ((requests == 0)); then return 0; fi
    measure_server "$name"
    sample many "$case" "$name" rate "$(calculate "$requests / $seconds")"
    sample many "$case" "$name" cost "$(calculate "($cpu - $before) / $requests * 1e6")"
    sample many "$case" "$name" p99 "$(calculate "$p99 / 1000")"
}
