# shellcheck shell=bash
# Builds what is measured and what measures. Sets tools, bin, has_fixed, kestrel_form.

build_everything() {
    have gcc || fail 'no gcc (Debian, Ubuntu: apt install gcc)'
    have wrk || fail 'no wrk (Debian, Ubuntu: apt install wrk)'
    have dotnet || fail 'no dotnet command: install the .NET 10 SDK'
    bin="$artifacts/bin" tools="$artifacts/tools" kestrel_form=''
    mkdir -p "$bin" "$tools"
    build_tools
    build_aotserve
    if wanted aot-floor || wanted aot-floor-fixed; then build_floor; fi
    build_hellos
    if wanted kestrel; then build_kestrel; fi
}

build_tools() {
    local tool
    for tool in bare-epoll lifecycle tree crowd allocated site; do
        gcc -O2 -Wall -Wextra -pthread -o "$tools/$tool" "$here/tools/$tool.c"
    done
}

build_aotserve() {
    "$top/publish.sh" --output "$bin/aotserve" >&2
    "$top/publish.sh" --dynamic --output "$bin/aotserve-dynamic" >&2
    "$top/publish.sh" --test-hooks --output "$bin/aotserve-hooks" >&2
    has_fixed=false
    if ! wanted aotserve-fixed && ! wanted aot-floor-fixed; then return 0; fi
    if [[ "$("$top/publish.sh" --help)" == *--fixed-address* ]]; then
        has_fixed=true
        "$top/publish.sh" --fixed-address --output "$bin/aotserve-fixed" >&2
    else
        rm -f "$bin"/*-fixed
        say 'left out, for publish.sh has no --fixed-address: aotserve-fixed aot-floor-fixed'
    fi
}

# The least that a C# server is: a program of its own in a tree that has publish.sh and everything but the source from this
# one. So it is published as AotServe is, whatever that comes to be.
build_floor() {
    local tree="$artifacts/aot-floor"
    mkdir -p "$tree/src"
    find "$tree/src" -type d \( -name bin -o -name obj \) -prune -o -type f -exec rm -f {} +
    (
        cd "$top" || exit
        find publish.sh src -type d \( -name bin -o -name obj \) -prune -o -type f ! -name '*.cs' ! -name '*.md' -print0 |
            xargs -0 cp --parents -p -t "$tree"
    )
    cp "$here/peers/aot-floor/Program.cs" "$tree/src/AotServe/"
    "$tree/publish.sh" --output "$bin/aot-floor" >&2
    if [[ "$has_fixed" == true ]]; then "$tree/publish.sh" --fixed-address --output "$bin/aot-floor-fixed" >&2; fi
}

# A server in Go and one in Rust, by their standard libraries alone and static.
build_hellos() {
    rm -f "$bin"/hello-*
    if wanted hello-go; then
        if ! have go; then
            say 'left out, for there is no go command: hello-go (Debian: apt install golang-go)'
        elif ! CGO_ENABLED=0 GO111MODULE=off GOFLAGS='' go build -o "$bin/hello-go" "$here/peers/hello/hello.go" >&2; then
            say 'left out, for go could not build it, see above: hello-go'
        fi
    fi
    if wanted hello-rust; then
        if ! have rustc; then
            say 'left out, for there is no rustc command: hello-rust (Debian: apt install rustc)'
        elif ! rustc --edition 2021 -O -C panic=abort -C target-feature=+crt-static -o "$bin/hello-rust" \
            "$here/peers/hello/hello.rs" >&2; then
            say 'left out, for rustc could not build it, see above: hello-rust'
        fi
    fi
}

# Kestrel, in the best form that the package feed here allows. What came of it is kept until its sources change.
build_kestrel() {
    local form framework aot folder stamp="$artifacts/kestrel.stamp" log="$artifacts/kestrel.log" key known
    key="$(cat "$here"/peers/kestrel/* | sha256sum | cut -c 1-16)"
    if [[ -f "$stamp" ]] && { read -r known && read -r folder && read -r form; } <"$stamp" &&
        [[ "$known" == "$key" && -x "$folder/kestrel" ]]; then
        kestrel_folder="$folder" kestrel_form="$form"
        return
    fi
    : >"$log"
    for form in 'net10.0 true' 'net9.0 true' 'net10.0 false'; do
        read -r framework aot <<<"$form"
        folder="$artifacts/kestrel-$framework-$aot"
        say "publishing Kestrel ($framework, $([[ "$aot" == true ]] && echo 'Native AOT' || echo ReadyToRun))"
        if dotnet publish "$here/peers/kestrel/kestrel.csproj" -c Release --use-current-runtime "-p:TargetFramework=$framework" \
            "-p:Aot=$aot" -o "$folder" -nodeReuse:false -nologo -v:minimal -tl:off </dev/null >>"$log" 2>&1; then
            kestrel_form="$framework, Native AOT"
            if [[ "$aot" == false ]]; then kestrel_form="$framework, ReadyToRun on the installed runtime, not AOT"; fi
            kestrel_folder="$folder"
            printf '%s\n' "$key" "$folder" "$kestrel_form" >"$stamp"
            return
        fi
    done
    say "Kestrel cannot be built here, see $log"
}
