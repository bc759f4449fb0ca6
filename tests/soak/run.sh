#!/usr/bin/env bash
# Runs everything at once against the published server for as long as asked: tests/AotServe.EndToEndTests/Soak.
set -euo pipefail

minutes=5 seed="$((RANDOM << 15 | RANDOM))" tls=0
while [[ $# -gt 0 ]]; do
    case "$1" in
        --minutes) minutes="${2:?a number of minutes}" ;;
        --seed) seed="${2:?a number}" ;;
        --tls)
            tls=1
            shift
            continue
            ;;
        *)
            printf 'Usage: tests/soak/run.sh [--minutes N] [--seed S] [--tls]\n'
            [[ "$1" == --help ]] && exit 0 || exit 2
            ;;
    esac
    shift 2
done

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
over=''
if [[ "$tls" == 1 ]]; then over=', over TLS'; fi
printf 'soak: %s minutes, seed %s%s\n' "$minutes" "$seed" "$over"
dotnet build tests/AotServe.EndToEndTests --nologo -v q
AOTSERVE_TEST_TLS="$tls" SOAK_MINUTES="$minutes" AOTSERVE_FUZZ_SEED="$seed" exec dotnet run --no-build --project tests/AotServe.EndToEndTests -- \
    -class AotServe.EndToEndTests.Soak.SoakTests -showLiveOutput -noLogo -noColor
