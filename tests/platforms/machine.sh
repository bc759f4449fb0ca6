# A virtual machine for arm64: a kernel, a file system in memory that is made here, one program that starts the server in
# it, and ports of this machine that lead to the servers'. Sourced by run.sh.

# The modules of a distribution's kernel for the network card, each after those that it needs.
modules=(failover net_failover virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_net)
# Those for TLS by the kernel, and for what it encrypts with: nothing there would load them when they are asked for.
modules+=(gf128mul ghash-generic ctr gcm aes-ce-cipher aes-ce-blk ghash-ce)
modules+=(libchacha chacha_generic chacha-neon libpoly1305 poly1305_generic poly1305-neon chacha20poly1305 tls)

# One entry of a newc archive (cpio is not everywhere): NAME MODE [FILE]; for a link, the file holds its target.
entry() {
    local name="$1" mode="$2" file="${3:-/dev/null}" size
    inode=$((inode + 1))
    size="$(wc -c <"$file")"
    printf '070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\0' \
        "$inode" "$((mode))" 0 0 1 0 "$size" 0 0 0 0 $((${#name} + 1)) 0 "$name"
    head -c $(((4 - (110 + ${#name} + 1) % 4) % 4)) /dev/zero
    cat "$file"
    head -c $(((4 - size % 4) % 4)) /dev/zero
}

# The archive of what lies in folder $1.
archive() {
    local inode=0 path name
    while IFS= read -r path; do
        name="${path#"$1/"}"
        if [[ -L "$path" ]]; then
            printf '%s' "$(readlink "$path")" >"$work/target"
            entry "$name" 0120777 "$work/target"
        elif [[ -d "$path" ]]; then
            entry "$name" 0040755
        else
            entry "$name" "0100$(stat -c %a "$path")" "$path"
        fi
    done < <(find "$1" -mindepth 1 | LC_ALL=C sort)
    entry 'TRAILER!!!' 0
}

# What runs as process 1 there. It starts what the file /servers says, then does what the lines say that come in by the
# console. What is asked for by "ktls WORD" ends with a line that has the word.
init_script() {
    cat <<'INIT'
#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
exec </dev/console >/dev/console 2>&1
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
while read -r module; do /bin/busybox insmod "/modules/$module.ko" 2>/dev/null; done </modules/order
/bin/busybox ip link set lo up
/bin/busybox ip addr add 10.0.2.15/24 dev eth0
/bin/busybox ip link set eth0 up
. /servers
# A process there that has ended, and that nobody waits for, is a zombie. What servers print may be lost where the console is slow.
replaced() {
    /bin/busybox kill -USR2 "$1"
    while [ -d "/proc/$1" ] && ! /bin/busybox grep -q '^State:.Z' "/proc/$1/status"; do /bin/busybox sleep 0.1; done
    echo "Replaced $2"
}
while read -r word what; do
    case "$word" in
        replace) replaced "$site" site ;;
        replace-tls) replaced "$tls" tls ;;
        ktls) /bin/busybox cat /proc/net/tls_stat; echo "End of tls_stat $what" ;;
        stop) kill -TERM "$built_in"; wait "$built_in"; echo "Exit code $?" ;;
        off) /bin/busybox poweroff -f ;;
    esac
done
INIT
}

# Lays the folder $1 for the file system of the machine: all but the servers and what they serve.
lay_machine() {
    local root="$1" name file
    mkdir -p "$root"/{bin,dev,modules,proc,srv,sys,tmp}
    cp "$machine/bin/busybox" "$root/bin/busybox"
    init_script >"$root/init"
    chmod 755 "$root/init" "$root/bin/busybox"
    for name in "${modules[@]}"; do
        file="$(find "$machine/lib/modules" -name "$name.ko*" | head -n 1)"
        case "$file" in
            *.ko) cp "$file" "$root/modules/" ;;
            *.ko.xz) xz -dc "$file" >"$root/modules/$name.ko" ;;
            *) continue ;; # in the kernel itself
        esac
        printf '%s\n' "$name" >>"$root/modules/order"
    done
}

# boot MEMORY PORT...: starts the machine from $work/machine with so many MiB. Ports of this machine from $port on lead to
# those of the arguments. Sets port, process and log; what is written to descriptor 8 is read there.
boot() {
    local kernel=("$machine"/boot/vmlinuz-*) memory="$1" forwards='' there
    shift
    archive "$work/machine" >"$work/initramfs"
    port=$((20000 + RANDOM % 10000))
    for there in "$@"; do forwards+=",hostfwd=tcp:127.0.0.1:$((port + there - $1))-:$there"; done
    log="$work/machine.log"
    mkfifo "$work/console"
    qemu-system-aarch64 -machine virt -cpu cortex-a72 -m "$memory" -display none -monitor none -serial stdio -no-reboot \
        -kernel "${kernel[-1]}" -initrd "$work/initramfs" -append 'console=ttyAMA0 quiet panic=-1' \
        -netdev "user,id=net,restrict=on$forwards" -device virtio-net-pci,netdev=net,romfile= \
        <"$work/console" >"$log" 2>&1 &
    process=$!
    processes+=("$process")
    exec 8>"$work/console"
}

# Ends the machine of the last boot.
power_off() {
    echo off >&8
    exec 8>&-
    sleep 1
    kill -KILL "$process" 2>/dev/null
}

# What starts the servers there. With the argument "tls", the third is there too.
servers() {
    cat <<'SERVERS'
/srv/aotserve /srv/site --port 80 --health /healthz --verbose &
site=$!
/bin/aotserve --port 81 &
built_in=$!
SERVERS
    [[ "${1:-}" == tls ]] || return 0
    echo '/srv/aotserve-tls /srv/site --port 82 --tls-cert /srv/tls/site.pem --tls-key /srv/tls/site.key &'
    echo 'tls=$!'
}

# Prints how many sessions were encrypted by the kernel of the machine until now, after all that its TLS counts
# (Documentation/networking/tls.rst: TlsTxSw).
kernel_sessions() {
    local asked="$RANDOM$RANDOM"
    echo "ktls $asked" >&8
    await "$log" "^End of tls_stat $asked" "$process" || return 1
    tr -d '\r' <"$log" | sed -n "/^ktls $asked\$/,/^End of tls_stat $asked\$/p" | awk '/^Tls/; $1 == "TlsTxSw" { n = $2 } END { print n; exit n == "" }'
}

by_kernel() { [[ "$(kernel_sessions | tee /dev/stderr | tail -n 1)" -gt 0 ]]; }

# Before Linux 6.5 the kernel left the last record of a sendfile(2) that would block unsent, and the transfer stood still.
slow_clients() {
    local first second
    curl -sS --max-time 120 --limit-rate 12M -o "$work/first" "$base/long.bin" & first=$!
    curl -sS --max-time 120 --limit-rate 9M -o "$work/second" "$base/long.bin" & second=$!
    wait "$first" && wait "$second" && cmp "$work/first" "$root/srv/site/long.bin" && cmp "$work/second" "$root/srv/site/long.bin"
}

machine() {
    [[ -n "$machine" ]] || { skip machine '--machine DIR'; return; }
    have qemu-system-aarch64 || { skip machine 'qemu-system-aarch64'; return; }
    local kernel=("$machine"/boot/vmlinuz-*) root="$work/machine" tls=''
    [[ -f "${kernel[0]}" && -f "$machine/bin/busybox" ]] || { skip machine "boot/vmlinuz-* and bin/busybox in $machine"; return; }
    publish_arm64 machine || return 0
    if publish_arm64_tls machine && make_certificates machine; then tls=tls; fi

    lay_machine "$root"
    make_site "$root/srv/site"
    cp "$arm64" "$root/bin/aotserve"
    cp "$arm64" "$root/srv/aotserve"
    if [[ -n "$tls" ]]; then
        cp "$arm64_tls" "$root/srv/aotserve-tls"
        cp -R "$tls_files" "$root/srv/tls"
        head -c 50000000 /dev/urandom >"$root/srv/site/long.bin"
    fi
    servers $tls >"$root/servers"
    boot 1024 80 81 82

    if check 'machine: it starts, and the servers in it' await "$log" '^Serving .*:80 ' "$process" && await "$log" '^Serving .*:81 ' "$process"; then
        check 'machine: files are opened with openat2' grep -q '^Wall: files of /srv/site: .*openat2' "$log"
        check 'machine: the sandbox holds' grep '^Wall: sandbox: .*Landlock' "$log"
        battery machine "http://127.0.0.1:$port" 200
        echo replace >&8
        check 'machine: SIGUSR2 replaces the server' await "$log" '^Replaced site' "$process"
        check 'machine: the new one serves' page
        [[ -z "$tls" ]] || machine_over_tls
        url="http://127.0.0.1:$((port + 1))"
        check 'machine: a body comes back' echoes
        check 'machine: a request in flight is answered by a stop' stops_after_answer 'echo stop >&8' "await '$log' '^Exit code 0' $process"
    fi
    power_off
}

machine_over_tls() {
    check 'machine: https: the server listens' await "$log" '^Serving .*:82 ' "$process" || return
    tls_battery machine "https://127.0.0.1:$((port + 2))"
    check 'machine: https: the kernel encrypts' by_kernel
    check 'machine: https: two slow clients get a long file' slow_clients
    echo replace-tls >&8
    check 'machine: https: SIGUSR2 replaces the server' await "$log" '^Replaced tls' "$process"
    check 'machine: https: the new one serves' page
    check 'machine: https: a session goes on at the new one' goes_on tls1_3
}
