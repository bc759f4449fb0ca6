# A virtual machine for arm64: a kernel, a file system in memory that is made here, one program that starts the server in
# it, and two ports of this machine that lead to the server's. Sourced by run.sh.

# The modules of a distribution's kernel for the network card, each after those that it needs.
modules=(failover net_failover virtio virtio_ring virtio_pci_modern_dev virtio_pci_legacy_dev virtio_pci virtio_net)

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
        elif [[ -x "$path" ]]; then
            entry "$name" 0100755 "$path"
        else
            entry "$name" 0100644 "$path"
        fi
    done < <(find "$1" -mindepth 1 | LC_ALL=C sort)
    entry 'TRAILER!!!' 0
}

# What runs as process 1 there. It does what the lines say that come in by the console.
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
/srv/aotserve /srv/site --port 80 --health /healthz --verbose &
/bin/aotserve --port 81 &
built_in=$!
while read -r word; do
    case "$word" in
        replace) /bin/busybox kill -USR2 "$(/bin/busybox pidof aotserve | /bin/busybox tr ' ' '\n' | /bin/busybox grep -vx "$built_in")" ;;
        stop) kill -TERM "$built_in"; wait "$built_in"; echo "Exit code $?" ;;
        off) /bin/busybox poweroff -f ;;
    esac
done
INIT
}

machine() {
    [[ -n "$machine" ]] || { skip machine '--machine DIR'; return; }
    have qemu-system-aarch64 || { skip machine 'qemu-system-aarch64'; return; }
    local kernel=("$machine"/boot/vmlinuz-*) root="$work/machine" name file port
    [[ -f "${kernel[0]}" && -f "$machine/bin/busybox" ]] || { skip machine "boot/vmlinuz-* and bin/busybox in $machine"; return; }
    publish_arm64 machine || return 0

    mkdir -p "$root"/{bin,dev,modules,proc,srv,sys,tmp}
    make_site "$root/srv/site"
    cp "$machine/bin/busybox" "$root/bin/busybox"
    cp "$arm64" "$root/bin/aotserve"
    cp "$arm64" "$root/srv/aotserve"
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
    archive "$root" >"$work/initramfs"

    port=$((20000 + RANDOM % 10000))
    log="$work/machine.log"
    mkfifo "$work/console"
    qemu-system-aarch64 -machine virt -cpu cortex-a72 -m 512 -display none -monitor none -serial stdio -no-reboot \
        -kernel "${kernel[-1]}" -initrd "$work/initramfs" -append 'console=ttyAMA0 quiet panic=-1' \
        -netdev "user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:$port-:80,hostfwd=tcp:127.0.0.1:$((port + 1))-:81" \
        -device virtio-net-pci,netdev=net,romfile= <"$work/console" >"$log" 2>&1 &
    process=$!
    processes+=("$process")
    exec 8>"$work/console"

    if check 'machine: it starts, and the servers in it' await "$log" '^Serving .*:80 ' "$process" && await "$log" '^Serving .*:81 ' "$process"; then
        check 'machine: files are opened with openat2' grep -q '^Wall: files of /srv/site: .*openat2' "$log"
        check 'machine: the sandbox holds' grep '^Wall: sandbox: .*Landlock' "$log"
        battery machine "http://127.0.0.1:$port" 200
        echo replace >&8
        check 'machine: SIGUSR2 replaces the server' await "$log" '^Stopped (replaced' "$process"
        check 'machine: the new one serves' page
        url="http://127.0.0.1:$((port + 1))"
        check 'machine: a body comes back' echoes
        check 'machine: a request in flight is answered by a stop' stops_after_answer 'echo stop >&8' "await '$log' '^Exit code 0' $process"
    fi
    echo off >&8
    exec 8>&-
    sleep 1
    kill -KILL "$process" 2>/dev/null
}
