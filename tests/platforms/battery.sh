# The checks that are the same on every platform, over HTTP with curl, and what they are made with. Sourced by run.sh.

passed=0 failed=0 skipped=0

have() { command -v "$1" >/dev/null 2>&1; }

# check NAME COMMAND...: what the command prints is shown if it fails.
check() {
    local name="$1"
    shift
    if "$@" >"$work/why" 2>&1 </dev/null; then
        passed=$((passed + 1))
        printf 'ok       %s\n' "$name"
    else
        failed=$((failed + 1))
        printf 'FAILED   %s\n' "$name"
        tail -n 20 "$work/why" | sed 's/^/         /'
        return 1
    fi
}

# skip PART WHAT IS MISSING
skip() {
    skipped=$((skipped + 1))
    printf 'skipped  %s: no %s here\n' "$1" "$2"
}

# await FILE LINE PROCESS [TIMES]: waits up to a minute until the line is there so often, as long as the process runs.
await() {
    local turn
    for ((turn = 0; turn < 600; turn++)); do
        if [[ "$(grep -c -- "$2" "$1" 2>/dev/null)" -ge "${4:-1}" ]]; then return 0; fi
        kill -0 "$3" 2>/dev/null || break
        sleep 0.1
    done
    printf 'no line %s in:\n' "$2"
    cat "$1"
    return 1
}

# prints CODE TEXT COMMAND...: the command ends with the code, and the text is in what it prints.
prints() {
    local code="$1" text="$2" actual=0
    shift 2
    "$@" >"$work/printed" 2>&1 || actual=$?
    cat "$work/printed"
    printf 'exit code %s\n' "$actual"
    [[ "$actual" == "$code" ]] && grep -qF -- "$text" "$work/printed"
}

# The same, and it prints one line.
prints_line() { prints "$@" && [[ "$(wc -l <"$work/printed")" == 1 ]]; }

# A site with something of everything.
make_site() {
    local site="$1"
    mkdir -p "$site/dir" "$site/list" "$site/.hidden"
    printf '<!doctype html><title>home</title>\n' >"$site/index.html"
    printf '<!doctype html><title>not here</title>\n' >"$site/404.html"
    printf '<!doctype html><title>folder</title>\n' >"$site/dir/index.html"
    printf 'a text\n' >"$site/text.txt"
    printf 'a text\n' >"$site/list/a.txt"
    printf 'secret\n' >"$site/.hidden/secret.txt"
    printf 'secret\n' >"$(dirname "$site")/outside.txt"
    ln -s ../outside.txt "$site/outside"
    ln -s text.txt "$site/inside"
    head -c 300000 /dev/urandom >"$site/large.bin"
    head -c 3000 /dev/zero | tr '\0' 'x' >"$site/page.html"
    gzip -9 -c "$site/page.html" >"$site/page.html.gz"
    printf '/dir/*\n  X-Rule: yes\n' >"$site/_headers"
    printf '/old/* /dir/:splat 302\n' >"$site/_redirects"
    files="$site"
}

# One request; the head goes to $work/head, the body to $work/body. Fails unless the status is the first argument.
get() {
    local status="$1" path="$2"
    shift 2
    curl -sS --max-time 30 --path-as-is -o "$work/body" -D "$work/head" "$@" "$base$path" || return 1
    cat "$work/head"
    [[ "$(sed -n '1s/^HTTP\/1.1 \([0-9]*\).*/\1/p' "$work/head")" == "$status" ]]
}

field() { sed -n "s/^$1: \(.*\)\r\$/\1/Ip" "$work/head"; }

page() { get 200 / && [[ "$(field Content-Type)" == 'text/html; charset=utf-8' ]] && cmp "$work/body" "$files/index.html"; }
head_only() { get 200 /text.txt -I && [[ "$(field Content-Length)" == 7 ]]; }
whole() { get 200 /large.bin && cmp "$work/body" "$files/large.bin"; }
part() {
    get 206 /large.bin -r 100000-199999 && [[ "$(field Content-Range)" == 'bytes 100000-199999/300000' ]] &&
        cmp "$work/body" <(tail -c +100001 "$files/large.bin" | head -c 100000)
}
several_parts() { get 206 /large.bin -r 0-9,200000-200009 && [[ "$(field Content-Type)" == multipart/byteranges* ]]; }
beyond() { get 416 /large.bin -r 300000- && [[ "$(field Content-Range)" == 'bytes */300000' ]]; }
not_modified() { get 200 /text.txt && get 304 /text.txt -H "If-None-Match: $(field ETag)"; }
# The hash of a large file is made in the background: the tag is strong a moment later.
strong_tag() {
    local turn
    for ((turn = 0; turn < 100; turn++)); do
        get 200 /large.bin -I || return 1
        [[ "$(field ETag)" != \"* ]] || { get 304 /large.bin -H "If-None-Match: $(field ETag)"; return; }
        sleep 0.1
    done
    return 1
}
weak_tag() { get 200 /large.bin -I && [[ "$(field ETag)" == W/* ]] && get 304 /large.bin -H "If-None-Match: $(field ETag)"; }
not_found() { get 404 /nowhere && cmp "$work/body" "$files/404.html"; }
hidden() { get 404 /.hidden/secret.txt && get 404 /_headers; }
# Where the file system ignores case. Without a folder, as those further down.
hidden_in_capitals() { base="$url" get 404 /%C3%A4rger.txt && base="$url" get 404 /%C3%84RGER.txt && base="$url" get 200 /%C3%84hre.txt; }
climbs() {
    local path
    for path in /../outside.txt /dir/../../outside.txt /%2e%2e/outside.txt /..%2foutside.txt '/..%5coutside.txt'; do
        curl -sS --max-time 30 --path-as-is -o "$work/body" "$base$path" || return 1
        ! grep -q secret "$work/body" || { printf '%s leads outside\n' "$path"; return 1; }
    done
}
folder() { get 301 /dir && [[ "$(field Location)" == dir/ ]] && get 200 /dir/ && [[ "$(field X-Rule)" == yes ]]; }
redirect() { get 302 /old/x && [[ "$(field Location)" == /dir/x ]]; }
coding() { get 200 /page.html -H 'Accept-Encoding: gzip' && [[ "$(field Content-Encoding)" == gzip ]] && cmp <(gzip -dc "$work/body") "$files/page.html"; }
method() { get 405 /text.txt -d x && [[ "$(field Allow)" == *GET* ]]; }
no_host() { get 400 /text.txt -H 'Host:'; }
outside_link() { get 404 /outside; }
inside_link() { get "$links" /inside; }
healthy() { get 200 /healthz; }
one_connection() {
    [[ "$(curl -sS --max-time 30 -o "$work/body" -w '%{num_connects}' "$base/text.txt" -o "$work/body" "$base/large.bin" \
        -o "$work/body" "$base/")" == 100 ]]
}
many() {
    local number clients=()
    for number in {1..32}; do
        curl -sS --max-time 60 -o "$work/many.$number" "$base/large.bin" &
        clients+=($!)
    done
    wait "${clients[@]}"
    for number in {1..32}; do cmp "$work/many.$number" "$files/large.bin" || return 1; done
}
# Without a folder: the URL is $url from here on.
changed() { printf 'another text\n' >"$1/new" && mv "$1/new" "$1/text.txt" && sleep 1.5 && base="$url" get 200 /text.txt && cmp "$work/body" "$1/text.txt"; }
echoes() { [[ "$(curl -sS --max-time 30 -d 'a body' "$url/")" == 'a body' ]]; }

# stops SIGNAL: the process of the last start ends with 0.
stops() {
    kill -s "$1" "$process"
    wait "$process" && grep '^Stopped ' "$log"
}

# stops_after_answer STOP WAIT: a request of 1.5 s that is under way when the server is stopped is answered.
stops_after_answer() {
    local client
    curl -sS --max-time 30 -o "$work/body" -w '%{http_code}' "$url/sleep?ms=1500" >"$work/status" &
    client=$!
    sleep 0.7
    eval "$1"
    wait "$client" || return 1
    [[ "$(cat "$work/status")" == 200 ]] || return 1
    eval "$2"
}

# battery PART URL LINKS: LINKS is the status of a link that stays inside the folder; empty: there are no links.
battery() {
    local part="$1" links="$3"
    base="$2"
    check "$part: a page" page
    check "$part: HEAD" head_only
    check "$part: a large file, byte for byte" whole
    check "$part: a range" part
    check "$part: several ranges" several_parts
    check "$part: a range beyond the end" beyond
    check "$part: If-None-Match" not_modified
    # Without a number that the file system gives each file, it stays the weak one of the time.
    if [[ "$part" == windows ]]; then check "$part: the weak tag of a large file" weak_tag; else
        check "$part: the strong tag of a large file" strong_tag
    fi
    check "$part: the error page" not_found
    check "$part: hidden files" hidden
    check "$part: no way out of the folder" climbs
    check "$part: a folder, and a rule of _headers" folder
    check "$part: a rule of _redirects" redirect
    check "$part: a precompressed file" coding
    check "$part: another method" method
    check "$part: a request without a host" no_host
    if [[ -n "$links" ]]; then
        check "$part: a link that leads outside" outside_link
        check "$part: a link that stays inside is $links" inside_link
    fi
    check "$part: the health check" healthy
    check "$part: one connection for three requests" one_connection
    check "$part: 32 clients at once" many
}
