# The checks over https, with curl and openssl. Sourced by run.sh.

# The key $1.key and the certificate $1.pem, for the names of this machine.
certificate() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=${1##*/}" \
        -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' -keyout "$1.key" -out "$1.pem"
}

# Sets tls_files, the folder with site.pem and site.key, which curl takes as good from here on, and with a certificate that
# nobody has the key of. Says what is missing and fails where they cannot be made.
make_certificates() {
    tls_files="$work/tls"
    [[ ! -f "$tls_files/site.pem" ]] || return 0
    have openssl || { skip "$1" 'openssl'; return 1; }
    mkdir -p "$tls_files"
    check "$1: certificates are made" eval "certificate '$tls_files/other' && certificate '$tls_files/site'" || return 1
    rm "$tls_files/other.key"
    export CURL_CA_BUNDLE="$tls_files/site.pem"
}

# connects VERSION [OPTION...]: one request by openssl s_client, which is answered. What the client says of it is in $work/said.
connects() {
    local version="$1"
    shift
    printf 'GET /text.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' |
        timeout 60 openssl s_client -connect "${base#https://}" -servername localhost -CAfile "$tls_files/site.pem" \
            -verify_return_error "-$version" -ign_eof "$@" >"$work/said" 2>&1 || { cat "$work/said"; return 1; }
    cat "$work/said"
    grep -q '^HTTP/1.1 200' "$work/said"
}

# A second connection goes on with the session of the first one.
resumes() {
    connects "$1" -sess_out "$work/session" && grep -q '^New, TLS' "$work/said" &&
        connects "$1" -sess_in "$work/session" && grep -q '^Reused, TLS' "$work/said"
}

# The session that resumes has left goes on, at whatever server is there now.
goes_on() { connects "$1" -sess_in "$work/session" && grep -q '^Reused, TLS' "$work/said"; }

# A client that takes another certificate as good ends the handshake (curl(1), exit code 60).
unknown() {
    curl -sS --max-time 30 --cacert "$tls_files/other.pem" -o "$work/body" "$base/"
    [[ $? == 60 ]]
}

# What speaks no TLS gets no page.
plain_http() { ! curl -sS --max-time 30 --http0.9 -o "$work/body" "http://${base#https://}/" || ! cmp -s "$work/body" "$files/index.html"; }

# tls_battery PART URL
tls_battery() {
    local part="$1"
    base="$2"
    check "$part: https: a page" page
    check "$part: https: a large file, byte for byte" whole
    check "$part: https: a range" part
    check "$part: https: several ranges" several_parts
    check "$part: https: one connection for three requests" one_connection
    check "$part: https: 32 clients at once" many
    check "$part: https: a client that does not know the certificate refuses it" unknown
    check "$part: https: plain HTTP is not answered with a page" plain_http
    check "$part: https: TLS 1.2, and a session goes on" resumes tls1_2
    check "$part: https: TLS 1.3, and a session goes on" resumes tls1_3
}
