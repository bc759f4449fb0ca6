#!/usr/bin/env bash
# Tries what is published for other platforms than this one, as far as this machine can run it. See README.md.
set -uo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
top="$(cd "$here/../.." && pwd)"
source "$here/battery.sh"
source "$here/tls.sh"
source "$here/machine.sh"

usage() {
    cat <<'USAGE'
Usage: tests/platforms/run.sh [PART...] [--machine DIR]

  arm64          linux-arm64 under qemu-aarch64, which translates system calls to this kernel's
  arm64-tests    the end-to-end tests against that, seven minutes to twenty; only when asked for
  machine        linux-arm64 in a virtual machine with a kernel of its own; with --machine only
  powershell     publish.ps1 in PowerShell on this system
  windows        a build for win-x64, not ahead of time, under Wine

  --machine DIR  a folder with boot/vmlinuz-*, lib/modules and bin/busybox for arm64

Without a PART: all but arm64-tests. What is missing is named and counts as skipped.
USAGE
}

parts=() machine=''
while [[ $# -gt 0 ]]; do
    case "$1" in
        arm64 | arm64-tests | machine | powershell | windows) parts+=("$1") ;;
        --machine) machine="${2:?--machine needs a folder}"; shift ;;
        --help) usage; exit 0 ;;
        *) printf 'run.sh: unknown part %s; try --help\n' "$1" >&2; exit 2 ;;
    esac
    shift
done
[[ ${#parts[@]} -gt 0 ]] || parts=(arm64 machine powershell windows)

work="$(mktemp -d)"
processes=()
cleanup() {
    local process
    for process in "${processes[@]}"; do kill -KILL "$process" 2>/dev/null || true; done
    # The server of the Windows part's own prefix; nobody else's.
    if [[ -d "$work/wine" ]] && have wineserver; then WINEPREFIX="$work/wine" wineserver -k 2>/dev/null || true; fi
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 143' TERM INT HUP

# Sets emulator, and publishes for arm64 if that was not done; says what is missing and fails otherwise.
arm64="$top/.artifacts/aotserve-linux-arm64"
published=false
publish_arm64() {
    emulator=''
    local name
    for name in qemu-aarch64 qemu-aarch64-static; do if have "$name"; then emulator="$name"; break; fi; done
    have aarch64-linux-gnu-gcc || { skip "$1" 'aarch64-linux-gnu-gcc'; return 1; }
    [[ "$published" == false ]] || return 0
    check "$1: publish.sh --rid linux-arm64" "$top/publish.sh" --rid linux-arm64 --output "$arm64" || return 1
    published=true
}

# The same with TLS, where OpenSSL's libraries for arm64 are.
arm64_tls="$arm64-tls"
published_tls=false
publish_arm64_tls() {
    [[ "$published_tls" == false ]] || return 0
    "$top/publish.sh" --rid linux-arm64 --tls --output "$arm64_tls" >"$work/publish-tls" 2>&1 </dev/null
    local code=$?
    if grep -q '^publish.sh: --tls: no lib' "$work/publish-tls"; then skip "$1" 'libssl-dev:arm64'; return 1; fi
    check "$1: publish.sh --rid linux-arm64 --tls" eval "cat '$work/publish-tls'; (exit $code)" || return 1
    published_tls=true
}

# Starts a server with its output in $work/NAME.log; sets process and url once it listens.
start() {
    local name="$1"
    log="$work/$name.log"
    shift
    "$@" --port 0 --bind 127.0.0.1 >"$log" 2>&1 </dev/null &
    process=$!
    processes+=("$process")
    await "$log" '^Serving ' "$process" || return 1
    url="$(sed -n 's#^Serving .*on \(https\{0,1\}://[^, ]*\).*#\1#p' "$log" | head -n 1)"
}

arm64() {
    publish_arm64 arm64 || return 0
    [[ -n "$emulator" ]] || { skip arm64 'qemu-aarch64'; return; }
    make_site "$work/site"
    start arm64 "$emulator" "$arm64" "$work/site" --health /healthz ||
        { check 'arm64: the server listens' false; return; }
    # There is no openat2 under this emulation, and without it no link is followed.
    battery arm64 "$url" 404
    check 'arm64: a changed file is served at once' changed "$work/site"
    check 'arm64: SIGTERM stops it with exit code 0' stops TERM
    start arm64-built-in "$emulator" "$arm64" || { check 'arm64: the built-in site listens' false; return; }
    check 'arm64: a body comes back' echoes
    check 'arm64: a request in flight is answered by a stop' stops_after_answer "kill -TERM $process" "wait $process"
    arm64_over_tls
}

arm64_over_tls() {
    publish_arm64_tls arm64 && make_certificates arm64 || return 0
    check 'arm64: https: --version names OpenSSL' prints 0 'linux-arm64, OpenSSL ' "$emulator" "$arm64_tls" --version
    start arm64-tls "$emulator" "$arm64_tls" "$work/site" --tls-cert "$tls_files/site.pem" --tls-key "$tls_files/site.key" ||
        { check 'arm64: https: the server listens' false; return; }
    tls_battery arm64 "$url"
    check 'arm64: https: SIGTERM stops it with exit code 0' stops TERM
}

arm64-tests() {
    publish_arm64 arm64-tests || return 0
    [[ -n "$emulator" ]] || { skip arm64-tests 'qemu-aarch64'; return; }
    printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$emulator" "$arm64" >"$work/emulated"
    chmod +x "$work/emulated"
    # Left out is what cannot be under this emulation: README.md has the reason of each. A crowd only takes too long.
    local filter='' name
    while read -r name _; do filter+="${filter:+&}FullyQualifiedName!~$name"; done < <(grep -v '^#' "$here/not-emulated.txt")
    AOTSERVE_TEST_BINARY="$work/emulated" dotnet test "$top/tests/AotServe.EndToEndTests" --nologo -p:UseSharedCompilation=false \
        --filter "$filter" --logger "trx;LogFileName=$work/tests.trx" --logger 'console;verbosity=minimal' </dev/null || true
    local counters
    counters="$(grep -o '<Counters [^>]*>' "$work/tests.trx" 2>/dev/null)" || { check 'arm64-tests: they run' false; return; }
    number() { sed "s/.* $1=\"\([0-9]*\)\".*/\1/" <<<"$counters"; }
    passed=$((passed + $(number passed))) failed=$((failed + $(number executed) - $(number passed)))
    skipped=$((skipped + $(number total) - $(number executed)))
}

powershell() {
    have pwsh || { skip powershell 'pwsh'; return; }
    local script=(pwsh -NoProfile -File "$top/publish.ps1")
    check 'powershell: --help is its own' prints 0 'Usage: ./publish.ps1' "${script[@]}" --help
    check 'powershell: an unknown option is one line' prints_line 2 'unknown option --nonsense; try --help' "${script[@]}" --nonsense
    mkdir -p "$work/no-bash"
    ln -s "$(command -v dotnet)" "$work/no-bash/dotnet" # where pwsh is a tool of it
    check 'powershell: no bash is one line' prints_line 1 'no bash command' env PATH="$work/no-bash" "$(command -v pwsh)" \
        -NoProfile -File "$top/publish.ps1"
    check 'powershell: it publishes' prints_line 0 'bytes sha256:' "${script[@]}" --output "$work/by-powershell"
    check 'powershell: what it published runs' prints_line 0 'aotserve ' "$work/by-powershell" --version
}

windows() {
    local wine='' name
    for name in wine64 wine /usr/lib/wine/wine64; do if have "$name"; then wine="$name"; fi; done
    [[ -n "$wine" ]] || { skip windows 'wine64'; return; }
    # In a copy: a build beside this tree's own leaves its folders alone.
    mkdir "$work/source"
    (cd "$top" && tar -c --exclude=bin --exclude=obj .editorconfig src) | tar -x -C "$work/source"
    local build=("$work/source/src/AotServe/AotServe.csproj" -r win-x64 -p:TargetFrameworks=net10.0 -p:SelfContained=true -nologo -v:quiet
        -p:UseSharedCompilation=false -nodeReuse:false)
    dotnet restore "${build[@]}" >"$work/why" 2>&1 </dev/null ||
        { cat "$work/why"; skip windows 'package of .NET for win-x64 (dotnet restore)'; return; }
    check 'windows: dotnet publish -r win-x64' dotnet publish "${build[@]}" -f net10.0 --no-restore -o "$work/windows" || return 0
    export WINEPREFIX="$work/wine" WINEDEBUG=-all DISPLAY='' LC_ALL=C.UTF-8
    make_site "$work/windows-site"
    printf 'hidden\n' >"$work/windows-site/ärger.txt"
    printf 'shown\n' >"$work/windows-site/ähre.txt"
    rm "$work/windows-site/outside" "$work/windows-site/inside" # links are a matter of privilege there
    check 'windows: --version' prints 0 'win-x64)' "$wine" "$work/windows/aotserve.exe" --version
    # No signal can be sent there; the stop is that after so many connections.
    start windows "$wine" "$work/windows/aotserve.exe" "Z:${work//\//\\}\\windows-site" --health /healthz --exit-after 1000 \
        --hide ärger.txt ||
        { check 'windows: the server listens' false; return; }
    battery windows "$url" ''
    check 'windows: a changed file is served at once' changed "$work/windows-site"
    check 'windows: what is hidden is hidden in capitals too, beyond ASCII' hidden_in_capitals
    kill -KILL "$process"
    wait "$process" 2>/dev/null
    start windows-built-in "$wine" "$work/windows/aotserve.exe" --exit-after 2 || { check 'windows: the built-in site listens' false; return; }
    check 'windows: a body comes back' echoes
    check 'windows: a request in flight is answered by a stop' stops_after_answer : "wait $process"
}

for part in "${parts[@]}"; do "$part"; done
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[[ "$failed" -eq 0 ]]
