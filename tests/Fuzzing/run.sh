#!/usr/bin/env bash
# Looks for inputs that a part of the server reads wrongly, guided by the branches that they take. See README.md.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
top="$(cd "$here/../.." && pwd)"
plain="$top/.artifacts/fuzzing/plain"
build="$top/.artifacts/fuzzing/instrumented"
work="$top/.artifacts/fuzzing/work"
seconds=60
targets=()
keeps=0

usage() {
    printf 'run.sh: usage: run.sh [--seconds N] [--keep] [TARGET]…; --list shows the targets\n' >&2
    exit 2
}

lists=0
while (($# > 0)); do
    case "$1" in
        --seconds) [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || usage; seconds="$2"; shift 2 ;;
        --keep) keeps=1; shift ;;
        --list) lists=1; shift ;;
        --*) usage ;;
        *) targets+=("$1"); shift ;;
    esac
done

for command in dotnet afl-fuzz afl-cmin; do
    command -v "$command" >/dev/null 2>&1 || {
        printf 'run.sh: %s is needed and not installed (Debian: apt-get install afl++)\n' "$command" >&2
        exit 2
    }
done

rm -rf "$plain" "$build"
dotnet build "$here/Guided/Guided.csproj" --configuration Release --nologo --verbosity quiet -p:UseSharedCompilation=false --output "$plain" >&2
cp -r "$plain" "$build"
guided=("$(readlink -f "$(command -v dotnet)")" "$build/AotServe.Fuzzing.dll")
mapfile -t known < <("${guided[@]}" list)
if ((lists)); then printf '%s\n' "${known[@]}"; exit 0; fi
((${#targets[@]} > 0)) || targets=("${known[@]}")
for target in "${targets[@]}"; do
    [[ " ${known[*]} " == *" $target "* ]] || { printf 'run.sh: no target %s; there are: %s\n' "$target" "${known[*]}" >&2; exit 2; }
done
"${guided[@]}" instrument "$build/aotserve.dll"

# The program is managed code: afl-fuzz finds no instrumentation of its own in it. It has no use for a pattern of core files or
# for a fixed speed of the processor, and asks for nothing that a container does not have.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_UI=1 AFL_NO_AFFINITY=1 AFL_QUIET=1 AFL_ALLOW_TMP=1
# A tiered compiler would change what a run takes while it is compared with others.
export DOTNET_TieredCompilation=0

found=0
for target in "${targets[@]}"; do
    corpus="$here/Corpus/$target"
    rm -rf "$work/$target"
    mkdir -p "$work/$target"
    status=0
    afl-fuzz ${AOTSERVE_FUZZ_SEED:+-s "$AOTSERVE_FUZZ_SEED"} -i "$corpus" -o "$work/$target" -t 5000 -m none -V "$seconds" -- "${guided[@]}" "$target" \
        >"$work/$target/log" 2>&1 || status=$?
    stats="$work/$target/default/fuzzer_stats"
    if [[ ! -f "$stats" ]]; then
        printf '%s: afl-fuzz ended with %s; the end of %s:\n' "$target" "$status" "$work/$target/log" >&2
        tail -n 5 "$work/$target/log" >&2
        exit 1
    fi
    value() { sed -n "s/^$1 *: *//p" "$stats"; }
    printf '%s: %s s, %s runs, %s inputs, %s findings, %s hangs\n' "$target" "$(value run_time)" "$(value execs_done)" \
        "$(value corpus_count)" "$(value saved_crashes)" "$(value saved_hangs)"
    found=$((found + $(value saved_crashes) + $(value saved_hangs)))
    if ((keeps)); then
        # What takes the same branches as something smaller is not worth keeping.
        rm -rf "$work/$target/kept"
        afl-cmin -i "$work/$target/default/queue" -o "$work/$target/kept" -t 5000 -m none -- "${guided[@]}" "$target" \
            >"$work/$target/cmin.log" 2>&1 || { tail -n 3 "$work/$target/cmin.log" >&2; exit 1; }
        # What has a name that somebody gave it was found once, and stays whatever branches it takes.
        for input in "$corpus"/*; do
            if [[ "${input##*/}" =~ ^([0-9]{3}|[0-9a-f]{16})$ ]]; then rm "$input"; fi
        done
        for input in "$work/$target/kept"/*; do
            cp "$input" "$corpus/$(sha256sum <"$input" | cut -c1-16)"
        done
    fi
done

if ((found > 0)); then
    printf '%s findings: .artifacts/fuzzing/work/TARGET/default/crashes and hangs; what each says: dotnet %s TARGET FILE\n' \
        "$found" .artifacts/fuzzing/plain/AotServe.Fuzzing.dll
    exit 1
fi
