#!/usr/bin/env bash
# Attacks an aotserve on this machine and says whether its bounds hold. See README.md.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
top="$(cd "$here/../.." && pwd)"

for command in dotnet; do
    command -v "$command" >/dev/null 2>&1 || { printf 'run.sh: %s is needed and not installed\n' "$command" >&2; exit 2; }
done

arguments=("$@")
if [[ " $* " != *" --binary "* && " $* " != *" --help "* && " $* " != *" --list "* ]]; then
    mkdir -p "$top/.artifacts"
    "$top/publish.sh" --output "$top/.artifacts/aotserve-attacked" >&2
    arguments+=(--binary "$top/.artifacts/aotserve-attacked")
fi

ulimit -n "$(ulimit -H -n)"
exec dotnet run --project "$here/Attacks.csproj" --configuration Release -- "${arguments[@]}"
