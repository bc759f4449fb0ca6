#!/usr/bin/env bash
# Publishes the server as one native executable: ./publish.sh && ./aotserve
# Needs the .NET 10 SDK and gcc; `./publish.sh --help` lists what can be chosen. Prints one line for each file when all went well.

# Up to here and in these lines it is any shell's: the rest is bash's, of which others understand the half.
if [ -z "${BASH_VERSION:-}" ]; then
    echo 'publish.sh: this is a script for bash: run ./publish.sh or bash publish.sh (install bash where it is missing)' >&2
    exit 2
fi
set -euo pipefail

usage() {
    cat <<'USAGE'
Usage: ./publish.sh [OPTIONS]

Publishes the server as one native executable, ./aotserve.

  --framework TFM   net10.0 or net9.0 (default: net10.0 where its Native AOT pack can be had, else net9.0)
  --rid RID         the platform to publish for, such as linux-x64 (default: this one)
  --tls             with TLS (--tls-cert), by OpenSSL's static libraries: Debian's and Ubuntu's libssl-dev; on Linux only
  --dynamic         link with the system's shared libraries (default on Linux: static-pie, no shared library)
  --fixed-address   static, but not position-independent: it starts faster, and its code lies at known addresses (see README)
  --output PATH     the file to write (default: aotserve at the top of the tree)
  --archive         also pack aotserve-VERSION-RID.tar.gz beside it: with manual, completions, unit files and checksums
  --test-hooks      for the tests: a server that can be asked over HTTP to crash or exit
  --help            print this
USAGE
}

# The tree is where the script lies, not a link to it; readlink -f is not everywhere.
script="${BASH_SOURCE[0]}"
while [[ -L "$script" ]]; do
    target="$(readlink "$script")"
    [[ "$target" == /* ]] || target="$(dirname "$script")/$target"
    script="$target"
done
here="$(CDPATH='' cd -P -- "$(dirname -- "$script")" && pwd)"
project="$here/src/AotServe/AotServe.csproj"
artifacts="$here/.artifacts"

say() { printf 'publish.sh: %s\n' "$*" >&2; }
fail() { say "$1"; exit "${2:-1}"; }
have() { command -v "$1" >/dev/null 2>&1; }

sha256=(sha256sum)
have sha256sum || sha256=(shasum -a 256)

# The options; sets framework, rid, link, output, hooks, archive, tls.
parse() {
    framework='' rid='' link='' output='' hooks=false archive=false tls=false
    while [[ $# -gt 0 ]]; do
        local option="$1" value=''
        case "$option" in
            --framework=* | --rid=* | --output=*) value="${option#*=}" option="${option%%=*}" ;;
            --framework | --rid | --output)
                [[ $# -ge 2 ]] || fail "$option needs a value; try --help" 2
                value="$2"
                shift
                ;;
        esac
        shift
        case "$option" in
            --framework)
                [[ "$value" == net10.0 || "$value" == net9.0 ]] ||
                    fail "--framework $value: it is net10.0 or net9.0" 2
                framework="$value"
                ;;
            --rid)
                [[ "$value" =~ ^(linux|linux-musl|osx)-(x64|arm64)$ ]] ||
                    fail "--rid $value: here it is linux-, linux-musl- or osx- and x64 or arm64 (Windows: publish.ps1)" 2
                rid="$value"
                ;;
            --output)
                [[ -n "$value" && ! -d "$value" && "$value" != */ ]] || fail "--output $value: it is a file, not a folder" 2
                output="$value"
                ;;
            --dynamic) link=dynamic ;;
            --fixed-address) link=fixed ;;
            --archive) archive=true ;;
            --tls) tls=true ;;
            --test-hooks) hooks=true ;;
            --help | -h) usage; exit 0 ;;
            *) fail "unknown option $option; try --help" 2 ;;
        esac
    done
    [[ "$archive" == false || "$hooks" == false ]] || fail '--archive packs what users get; leave out --test-hooks' 2
}

# The RID of this machine.
host_rid() {
    local os arch
    case "$(uname -s)" in
        Linux)
            os=linux
            if compgen -G '/lib/ld-musl-*' >/dev/null && ! compgen -G '/lib*/ld-linux*' >/dev/null; then os=linux-musl; fi
            ;;
        Darwin) os=osx ;;
        *) fail "cannot publish on $(uname -s); on Windows use publish.ps1" ;;
    esac
    case "$(uname -m)" in
        x86_64 | amd64) arch=x64 ;;
        aarch64 | arm64) arch=arm64 ;;
        *) fail "cannot publish on $(uname -m), only on x64 and arm64; on one of them, --rid publishes for the other" ;;
    esac
    printf '%s-%s' "$os" "$arch"
}

# Sets compiler and, for another machine than this one, objcopy or (clang) target. gcc is preferred: the static recipe was
# made for it.
choose_compiler() {
    local host triple
    host="$(host_rid)" compiler='' objcopy='' target=''
    [[ -n "$rid" ]] || rid="$host"
    [[ "${rid%%-*}" == "${host%%-*}" ]] || fail "Native AOT cannot compile for $rid on $host: run this on such a machine"
    if [[ "$rid" == osx-* ]]; then
        have clang || fail "no C compiler: xcode-select --install brings clang"
    elif [[ "$rid" == "$host" ]]; then
        if have gcc; then compiler=gcc; elif have clang; then compiler=clang; else
            fail "no C compiler to link with: install gcc (Debian, Ubuntu: apt install gcc; Fedora: dnf install gcc)"
        fi
    else
        case "$rid" in
            linux-x64) triple=x86_64-linux-gnu ;;
            linux-arm64) triple=aarch64-linux-gnu ;;
            linux-musl-x64) triple=x86_64-linux-musl ;;
            linux-musl-arm64) triple=aarch64-linux-musl ;;
        esac
        if have "$triple-gcc"; then
            compiler="$triple-gcc" objcopy="$triple-objcopy"
        elif have clang; then
            compiler=clang target="--target=$triple"
        else
            fail "no C compiler for $rid: install $triple-gcc (Debian, Ubuntu: apt install gcc-$triple), or clang and a sysroot"
        fi
    fi
}

# Sets link: static where the C library and the start file of a static-pie are there, dynamic otherwise.
choose_link() {
    local wanted="$link"
    [[ "$wanted" != dynamic ]] || return 0
    link=dynamic
    if [[ "$rid" == osx-* ]]; then
        [[ -z "$wanted" ]] || fail '--fixed-address is for Linux: macOS has no static executables' 2
        return 0
    fi
    if [[ "$compiler" == clang && "$rid" != "$(host_rid)" ]]; then
        say "linking dynamically: a static link for $rid takes a gcc for it"
    elif [[ "$("$compiler" -print-file-name=libc.a)" != */* || "$("$compiler" -print-file-name=rcrt1.o)" != */* ]]; then
        say "linking dynamically: no static C library here (Debian, Ubuntu: libc6-dev; Fedora: glibc-static)"
    else
        link="${wanted:-static}"
    fi
    [[ -z "$wanted" || "$link" == "$wanted" ]] || fail '--fixed-address takes a static C library, see above'
}

# Whether there is a library $1 whose first object is for the processor of $rid (elf(5): e_machine).
fits() {
    local start machine=62
    [[ "$rid" != *-arm64 ]] || machine=183
    start="$(LC_ALL=C grep -abo -m 1 -F $'\177ELF' "$1" 2>/dev/null | head -n 1 | cut -d : -f 1)" || true
    [[ -n "$start" && "$(number_at "$1" $((start + 18)) 2)" == "$machine" ]]
}

# Where library $1 of OpenSSL lies, for the linker; no path where it is nowhere.
openssl_library() {
    if [[ -n "$openssl" ]]; then printf '%s/%s' "$openssl" "$1"; else "$compiler" ${target:+"$target"} -print-file-name="$1"; fi
}

# Fails where OpenSSL is asked for and its static libraries are not there. Sets openssl to their folder if it is one of
# LIBRARY_PATH (gcc(1)), which a compiler for another machine does not read.
check_openssl() {
    local library package=libssl-dev folder folders
    openssl=''
    [[ "$tls" == true ]] || return 0
    [[ "$rid" == linux-* ]] || fail "--tls: it is there for Linux only, not for $rid" 2
    if [[ "$rid" != "$(host_rid)" ]]; then
        package+=":$(sed -e 's/.*-x64/amd64/' -e 's/.*-arm64/arm64/' <<<"$rid")"
        IFS=: read -r -a folders <<<"${LIBRARY_PATH:-}"
        for folder in ${folders[@]+"${folders[@]}"}; do
            if [[ -z "$openssl" ]] && fits "$folder/libssl.a"; then openssl="$(cd "$folder" && pwd)"; fi
        done
    fi
    for library in libssl.a libcrypto.a; do
        fits "$(openssl_library $library)" ||
            fail "--tls: no $library for $rid here: install OpenSSL's static libraries (Debian, Ubuntu: apt install $package)"
    done
}

# Fails where something that a publish writes to may not be written, before the tools do, which say it in pages.
check_writable() {
    local temporary="${TMPDIR:-/tmp}" parent path
    [[ -d "$temporary" && -w "$temporary" ]] ||
        fail "TMPDIR: $temporary is no folder that can be written to: unset TMPDIR, or set it to one"
    # The folders of this publish that may be there already, of another user.
    mkdir -p "$artifacts" 2>/dev/null || true
    for path in "$artifacts" "$artifacts"/publish.lo[cg]* "$here/src/AotServe" "$here"/src/AotServe/{obj,bin} \
        "$here"/src/AotServe/{obj,bin}/aot-*-"$rid-$link"*; do
        if [[ -e "$path" && ! -w "$path" || "$path" == "$artifacts" && ! -d "$path" ]]; then
            fail "cannot write to $path: publish as the user who can, or from a copy of the tree"
        fi
    done
    parent="$(dirname "$output")"
    mkdir -p "$parent" 2>/dev/null || true
    [[ -d "$parent" && -w "$parent" ]] || fail "--output: cannot write to $parent: name a file in a folder where you can"
}

# One hash over everything that a publish depends on.
hash_inputs() (
    cd "$here"
    {
        printf '%s\n' "$framework" "$rid" "$link" "$hooks" "$tls" "$sdk" "$compiler"
        if [[ -n "$compiler" ]]; then "$compiler" --version | head -n 1; fi
        if [[ "$tls" == true ]]; then
            for file in libssl.a libcrypto.a; do "${sha256[@]}" "$(openssl_library "$file")"; done
        fi
        find src -type d \( -name bin -o -name obj \) -prune -o -type f -print0 | LC_ALL=C sort -z |
            xargs -0 "${sha256[@]}"
        for file in publish.sh .editorconfig global.json [Nn]u[Gg]et.[Cc]onfig Directory.* \
            "${HOME:-}/.nuget/NuGet/NuGet.Config"; do
            if [[ -f "$file" ]]; then "${sha256[@]}" "$file"; fi
        done
    } | "${sha256[@]}" | cut -d ' ' -f 1
)

hash_file() { "${sha256[@]}" <"$1" | cut -d ' ' -f 1; }

# Runs a dotnet command for framework $1, its output into $log. The descriptor of the lock stays ours.
run_dotnet() {
    local properties=("-p:AotFramework=$1" "-p:AotRid=$rid" "-p:AotLink=$link" "-p:AotCompiler=$compiler" "-p:TestHooks=$hooks"
        "-p:AotTarget=$target" "-p:AotTls=$tls" "-p:AotOpenSsl=$openssl")
    shift
    [[ -z "$objcopy" ]] || properties+=("-p:ObjCopyName=$objcopy")
    dotnet "$@" "$project" "${properties[@]}" -p:UseSharedCompilation=false -nodeReuse:false -nologo -v:minimal -tl:off \
        </dev/null >"$log" 2>&1 9>&-
}

# Fails with one line if what $log tells of is a feed that could not be reached. Another framework would not help.
check_feeds() {
    local reason
    reason="$(sed -nE -e '/error NU1301:/!d' -e 's/.*error NU1301: *([^.]*(\.[^ .][^.]*)*).*/\1/' -e p -e q "$log" | head -n 1)"
    [[ -z "$reason" ]] ||
        fail "cannot restore the Native AOT compiler ($reason): connect to a network for the first publish, or name a feed in NuGet.Config"
}

# Sets framework, and why when that is not the first choice.
choose_framework() {
    why=''
    [[ -z "$framework" ]] || return 0
    framework=net10.0
    if run_dotnet net10.0 restore; then return 0; fi
    check_feeds
    framework=net9.0
    local errors reason
    errors="$(grep -E '(^|[ :])error( |:)' "$log" || true)"
    if [[ -z "$errors" ]] || grep -qvE 'error NU110[0-3]:' <<<"$errors"; then
        say 'restoring for net10.0 failed:'
        cat "$log" >&2
        reason='see above'
    else
        reason="$(sed -E -e 's/.*error (NU[0-9]+): ([^.]*(\.[^ .][^.]*)*)\..*/\2 (\1)/' -e q <<<"$errors")"
    fi
    why="net9.0, because net10.0 cannot be restored here ($reason); note that net9.0 is out of support"
}

# What the link printed, without the known pairs of lines: every static link with glibc says of some functions that they
# would want its shared libraries (names and plug-ins, which this server never looks up). Nothing else is left out but
# the progress lines of a publish that went well.
without_known_lines() {
    awk '
        function flush() { if (held != "" && !used) print held; held = ""; used = 0 }
        /^ *(Determining projects to restore\.\.\.|Restored .* \(in .*\)\.|All projects are up-to-date for restore\.|Generating native code)$/ { next }
        /^ *AotServe -> / { next }
        /: in function .*:$/ { flush(); held = $0; next }
        /: ?warning ?: Using .* in statically linked applications requires at runtime the shared libraries from the glibc version used for linking/ {
            if (held != "") { used = 1; next }
        }
        { if (held != "") { print held; held = "" } print }
        END { flush() }' "$log"
}

# The bytes of file $1 at offset $2 as one number of $3 bytes.
number_at() { od -An -v -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '; }

# How file $1 is linked, read from its own headers (elf(5)): it needs a loader if it names one (PT_INTERP, 3).
link_kind() {
    if [[ "$(od -An -v -t x1 -N 4 "$1" | tr -d ' ')" != 7f454c46 ]]; then printf 'dynamic'; return; fi
    local kind offset size count i interpreter=false
    if [[ "$(number_at "$1" 4 1)" == 2 ]]; then
        offset="$(number_at "$1" 32 8)" size="$(number_at "$1" 54 2)" count="$(number_at "$1" 56 2)"
    else
        offset="$(number_at "$1" 28 4)" size="$(number_at "$1" 42 2)" count="$(number_at "$1" 44 2)"
    fi
    for ((i = 0; i < count; i++)); do
        if [[ "$(number_at "$1" $((offset + i * size)) 4)" == 3 ]]; then interpreter=true; fi
    done
    case "$(number_at "$1" 16 2)-$interpreter" in
        3-false) kind=static-pie ;;
        2-false) kind=static ;;
        3-true) kind=dynamic-pie ;;
        *) kind=dynamic ;;
    esac
    printf '%s' "$kind"
}

publish() {
    choose_framework
    [[ -z "$why" ]] || say "$why"
    if ! run_dotnet "$framework" publish -c Release; then
        check_feeds
        cat "$log" >&2
        fail 'the publish failed, see above'
    fi
    without_known_lines >&2

    local built="$here/src/AotServe/bin/aot-$framework-$rid-$link" name
    if [[ "$tls" == true ]]; then built+=-tls; fi
    if [[ "$hooks" == true ]]; then built+=-hooks; fi
    built+="/Release/$framework/$rid/publish"
    kind="$(link_kind "$built/aotserve")"
    local right=''
    case "$link" in static) right=static-pie ;; fixed) right=static ;; esac
    [[ -z "$right" || "$kind" == "$right" ]] || fail "the link came out $kind in place of $right: $built/aotserve"

    # Into place by renaming, so that a server that runs from the old file is left alone.
    fresh="$(dirname "$output")/.$(basename "$output").$$"
    cp "$built/aotserve" "$fresh"
    chmod 755 "$fresh"
    mv -f "$fresh" "$output"
    name="$(basename "$output")"
    if [[ -e "$built/aotserve.dbg" ]]; then cp "$built/aotserve.dbg" "$artifacts/$name.dbg"; fi
    if [[ -e "$built/aotserve.dSYM" ]]; then rm -rf "$artifacts/$name.dSYM"; cp -R "$built/aotserve.dSYM" "$artifacts/$name.dSYM"; fi

    printf '%s\n' "$inputs" "$(hash_file "$output")" "$framework" "$kind" "$why" "$(date +%F)" >"$stamp"
}

# Whether the last publish to this file still holds; sets framework, kind and why if so. A fall-back to net9.0 holds for
# the day: its cause lies outside of this tree.
up_to_date() {
    [[ -f "$stamp" && -f "$output" ]] || return 1
    local known hash day published linked reason
    { read -r known && read -r hash && read -r published && read -r linked && IFS= read -r reason && read -r day; } <"$stamp" || return 1
    [[ "$known" == "$inputs" && "$hash" == "$(hash_file "$output")" ]] || return 1
    [[ -z "$reason" || "$day" == "$(date +%F)" ]] || return 1
    framework="$published" kind="$linked" why="$reason"
    [[ -z "$why" ]] || say "$why"
}

# One publish at a time: the obj folders are shared.
lock() {
    if have flock; then
        exec 9>"$artifacts/publish.lock"
        flock 9
    else
        until mkdir "$artifacts/publish.lock.d" 2>/dev/null; do sleep 0.2; done
        locked="$artifacts/publish.lock.d"
    fi
}

# Sets printer: the binary whose pages and units an archive gets. That of another machine does not run here, so it takes
# one for this machine, of the same source.
choose_printer() {
    printer="$output"
    local host same=''
    host="$(host_rid)"
    if [[ "$tls" == true ]]; then same=' --tls'; fi
    if [[ -z "$rid" || "$rid" == "$host" ]]; then return 0; fi
    printer="$here/aotserve"
    [[ "$output" != "$printer" ]] &&
        (output="$printer" rid='' link='' framework='' && choose_compiler && choose_link && check_openssl &&
            stamp="$(stamp_of "$output")" && inputs="$(hash_inputs)" && up_to_date) >/dev/null 2>&1 ||
        fail "--archive for $rid has pages printed by a server that runs here: run ./publish.sh$same first, then this with --output elsewhere" 2
}

# What OpenSSL's licence (Apache 2.0, section 4) asks to go with a binary that holds it: a copy of it, and whose it is.
write_openssl_licence() {
    local notice=/usr/share/doc/libssl-dev/copyright text=/usr/share/common-licenses/Apache-2.0
    [[ -r "$notice" && -r "$text" ]] || fail "--archive --tls: no $notice or $text, which has to go with OpenSSL"
    printf 'aotserve contains OpenSSL (https://www.openssl.org/), under the Apache License 2.0.\n\n'
    cat "$notice"
    printf '\n\n'
    cat "$text"
}

# Packs $output with what it prints. The same source makes the same bytes: in the order of names, of nobody, of one time.
pack() {
    local rid_name="aotserve-$version-$rid" folder root
    packed="$(dirname "$output")/$rid_name.tar.gz"
    # The units name what is where a user has it, beneath this root, which is taken off. No such path needs quotes.
    scratch="$(mktemp -d /tmp/aotserve-archive.XXXXXXXXXX)"
    root="$scratch/root" folder="$scratch/$rid_name"
    mkdir -p "$root/usr/local/bin" "$root/srv/www" "$folder/man" "$folder/completions" "$folder/systemd"
    cp "$printer" "$root/usr/local/bin/aotserve"
    cp "$output" "$folder/aotserve"
    if [[ "$tls" == true ]]; then write_openssl_licence >"$folder/LICENSE.OpenSSL"; fi
    # Joined by &&, for set -e does not hold to the left of an ||. Notes say that a service would not see /tmp.
    (
        prints() { env -i "$root/usr/local/bin/aotserve" print "$@" 2>"$log"; }
        cd "$root/srv" &&
            prints man >"$folder/man/aotserve.8" &&
            prints completions bash >"$folder/completions/aotserve.bash" &&
            prints completions zsh >"$folder/completions/_aotserve" &&
            prints completions fish >"$folder/completions/aotserve.fish" &&
            prints dockerfile www >"$folder/Dockerfile" &&
            prints socket www --port 80 >"$folder/systemd/aotserve.socket" &&
            prints unit www --port 80 | sed "s:$root/:/:g" >"$folder/systemd/aotserve.service"
    ) || { cat "$log" >&2; fail 'the server could not print what belongs to it, see above'; }
    (
        cd "$folder"
        find . -type f ! -name SHA256SUMS | LC_ALL=C sort | sed 's:^\./::' | tr '\n' '\0' | xargs -0 "${sha256[@]}" >SHA256SUMS
        find . -type d -exec chmod 755 {} +
        find . -type f -exec chmod 644 {} +
        chmod 755 aotserve
        cd ..
        find "$rid_name" -exec env TZ=UTC touch -t 200001010000 {} +
        local nobody=(--uid 0 --gid 0 --uname '' --gname '')
        if tar --version | grep -q GNU; then nobody=(--owner=0 --group=0 --numeric-owner); fi
        find "$rid_name" | LC_ALL=C sort >names
        tar --format ustar "${nobody[@]}" --no-recursion -cf - -T names | gzip -9n >"$rid_name.tar.gz"
    )
    fresh="$(dirname "$output")/.$rid_name.$$"
    cp "$scratch/$rid_name.tar.gz" "$fresh"
    chmod 644 "$fresh"
    mv -f "$fresh" "$packed"
}

# Where the last publish to file $1 is remembered.
stamp_of() { printf '%s/%s.stamp' "$artifacts" "$(printf '%s' "$1" | "${sha256[@]}" | cut -c 1-16)"; }

# The size of file $1 with its digits in groups, and its hash.
describe() {
    local size
    size="$(wc -c <"$1" | tr -d ' ' | sed -E -e ':again' -e 's/([0-9])([0-9]{3})($|,)/\1,\2\3/' -e 't again')"
    printf '%s bytes sha256:%s' "$size" "$(hash_file "$1")"
}

# Path $1 as the user sees it.
shown() { case "$1" in "$PWD"/*) printf './%s' "${1#"$PWD"/}" ;; *) printf '%s' "$1" ;; esac; }

fresh='' locked='' scratch=''
cleanup() {
    if [[ -n "$fresh" ]]; then rm -f "$fresh"; fi
    if [[ -n "$scratch" ]]; then rm -rf "$scratch"; fi
    if [[ -n "$locked" ]]; then rmdir "$locked"; fi
}

main() {
    parse "$@"
    [[ -n "$output" ]] || output="$here/aotserve"
    [[ "$output" == /* ]] || output="$PWD/$output"
    # The linker's and the SDK's messages are read here, so they are asked for in English.
    export LC_ALL=C.UTF-8 DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1
    choose_compiler
    choose_link
    check_openssl
    check_writable
    if [[ -z "${HOME:-}" || ! -w "$HOME" ]]; then export HOME="$artifacts/home"; mkdir -p "$HOME"; fi
    have dotnet || fail 'no dotnet command: install the .NET 10 SDK (https://dotnet.microsoft.com/download)'
    sdk="$(cd "$here" && dotnet --version)" || fail 'no .NET SDK that can be used here, see above'
    [[ "$archive" == false ]] || choose_printer
    trap cleanup EXIT
    lock
    log="$artifacts/publish.log"
    inputs="$(hash_inputs)"
    stamp="$(stamp_of "$output")"
    up_to_date || publish

    version="$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$project")"
    printf '%s %s %s %s %s\n' "$(shown "$output")" "$version" "$framework" "$kind" "$(describe "$output")"
    if [[ "$archive" == true ]]; then
        pack
        printf '%s %s\n' "$(shown "$packed")" "$(describe "$packed")"
    fi
}

main "$@"
