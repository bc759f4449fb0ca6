# shellcheck shell=bash
# Builds what is measured and what measures. Sets tools, bin, kestrel_form.

build_everything() {
    have gcc || fail 'no gcc (Debian, Ubuntu: apt install gcc)'
    have wrk || fail 'no wrk (Debian, Ubuntu: apt install wrk)'
    have dotnet || fail 'no dotnet command: install the .NET 10 SDK'
    bin="$artifacts/bin" tools="$artifacts/tools" kestrel_form=''
    mkdir -p "$bin" "$tools"
    build_tools
    build_aotserve
    if wanted kestrel; then build_kestrel; fi
}

build_tools() {
    local tool
    for tool in bare-epoll lifecycle tree crowd allocated; do
        gcc -O2 -Wall -Wextra -pthread -o "$tools/$tool" "$here/tools/$tool.c"
    done
}

build_aotserve() {
    "$top/publish.sh" --output "$bin/aotserve" >&2
    "$top/publish.sh" --dynamic --output "$bin/aotserve-dynamic" >&2
    "$top/publish.sh" --test-hooks --output "$bin/aotserve-hooks" >&2
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
