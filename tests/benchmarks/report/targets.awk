# Where it must come out: ratios of this run's medians. Printed, not enforced. After statistics.awk: samples.tsv.
BEGIN { FS = "\t" }
FILENAME ~ /samples\.tsv$/ { ran[$1] = 1 }

function median(section, case_, server, metric) {
    return statistics(section, case_, server, metric) ? middle : ""
}

# A line: what, the target in words, the measured number, and whether it is at least (+1) or at most (-1) the bound.
# part is the section that it comes from: where that did not run, nothing is missing.
function line(what, target, value, decimals, direction, bound, unit,    verdict) {
    if (value == "") {
        if (part in ran) missing = missing (missing == "" ? "" : "; ") what
        return
    }
    verdict = (direction > 0 ? value >= bound : value <= bound) ? "met" : "**not met**"
    total++
    if (verdict == "met") met++
    lines[++line_count] = "| " what " | " target " | " shown(value, decimals) unit " | " verdict " |"
}

function ratio(a, b) { return a == "" || b == "" || b == 0 ? "" : a / b }

# The best of the servers of files that are no AotServe; sets best_server.
function best(section, case_, metric, direction,    s, m, found) {
    found = ""
    best_server = "the best peer"
    for (s = 1; s <= server_count; s++) {
        if (servers[s] ~ /^(aotserve.*|before.*|aot-floor.*|bare-epoll|hello-.*)$/) continue
        m = median(section, case_, servers[s], metric)
        if (m != "" && (found == "" || direction * m > direction * found)) { found = m; best_server = servers[s] }
    }
    return found
}

# AotServe's figure as a multiple of another server's.
function to(section, case_, metric, server) { return ratio(median(section, case_, us, metric), median(section, case_, server, metric)) }

function starts(a, b, which) { return ratio(median("startup", "warm", a, "first" which), median("startup", "warm", b, "first" which)) }

# The ratio of two servers' starts: the median counts; those of the first quartiles and of the best are said.
function start_line(what, target, a, b, direction, bound) {
    line(what, target, starts(a, b, ""), 2, direction, bound, \
        "× (first quartile " shown(starts(a, b, "@quartile"), 2) "×, best " shown(starts(a, b, "@lowest"), 2) "×)")
}

function throughput(    c, n, counts, us_4096, floor_4096) {
    part = "throughput"
    line("requests/s, 64 connections, to nginx", "at least 1.4×", to(part, "keep64", "rate", "nginx"), 3, 1, 1.4, "×")
    line("requests/s, 64 connections, to the floor (bare-epoll)", "at least 0.95×", to(part, "keep64", "rate", "bare-epoll"), 3, 1, 0.95, "×")
    line("requests/s, 64 connections, to its own with two threads", "at least 0.97×", to(part, "keep64", "rate", "aotserve-2-threads"), 3, 1, 0.97, "×")
    n = split("4 512", counts, " ")
    for (c = 1; c <= n; c++) {
        line("requests/s, " counts[c] " connections, to the floor", "at least 0.9×", to(part, "keep" counts[c], "rate", "bare-epoll"), 3, 1, 0.9, "×")
        line("requests/s, " counts[c] " connections, to nginx", "at least 1.2×", to(part, "keep" counts[c], "rate", "nginx"), 3, 1, 1.2, "×")
    }
    us_4096 = ratio(median(part, "keep4096", us, "rate"), median(part, "keep64", us, "rate"))
    floor_4096 = ratio(median(part, "keep4096", "bare-epoll", "rate"), median(part, "keep64", "bare-epoll", "rate"))
    line("requests/s, 4096 connections to 64, to the same ratio of the floor", "at least 1×", ratio(us_4096, floor_4096), 3, 1, 1, "×")
    n = best(part, "keep64", "p99", -1)
    line("p99, 64 connections, to the best peer (" best_server ")", "at most 1.2×", ratio(median(part, "keep64", us, "p99"), n), 3, -1, 1.2, "×")
}

function startup() {
    part = "startup"
    start_line("exec → first response, to the AOT floor", "at most 1.12×", us, "aot-floor", -1, 1.12)
    start_line("exec → first response, to busybox httpd", "at most 1.8×", us, "busybox", -1, 1.8)
    start_line("exec → first response, nginx to it", "at least 3×", "nginx", us, 1, 3)
    start_line("exec → first response, Kestrel to it", "at least 10×", "kestrel", us, 1, 10)
    line("minor faults, whole run, a folder", "at most 240", median(part, "warm", us, "faults"), 0, -1, 240, "")
    start_line("`--fixed-address`: exec → first response, to busybox httpd", "at most 1.5×", "aotserve-fixed", "busybox", -1, 1.5)
    line("`--fixed-address`: minor faults, whole run, a folder", "at most 170", median(part, "warm", "aotserve-fixed", "faults"), 0, -1, 170, "")
}

function stop_above(other,    a, b) {
    a = median("shutdown", "idle", us, "exit")
    b = median("shutdown", "idle", other, "exit")
    return a == "" || b == "" ? "" : a - b
}

# A figure with TLS as a multiple of nginx's.
function to_nginx(case_, metric) { return ratio(median("tls", case_, us "-tls", metric), median("tls", case_, "nginx-tls", metric)) }

function tls() {
    part = "tls"
    line("TLS: 64 kept connections, CPU of a request, to nginx", "at most 0.8×", to_nginx("keep64", "cost"), 3, -1, 0.8, "×")
    line("TLS: new connections, CPU of each, to nginx", "at most 1.05×", to_nginx("new", "cost"), 3, -1, 1.05, "×")
    line("TLS: resumed connections/s, to nginx", "at least 1×", to_nginx("resumed", "rate"), 3, 1, 1, "×")
    line("TLS: 100 MB, CPU per GB, to nginx", "at most 1×", to_nginx("100m", "cpu"), 3, -1, 1, "×")
    line("exec → first response without TLS, the file with OpenSSL to the default one", "at most 1.1×", \
        ratio(median(part, "start", "aotserve-with-tls", "first"), median(part, "start", us, "first")), 3, -1, 1.1, "×")
}

END {
    us = "aotserve"
    throughput()
    startup()
    part = "shutdown"
    line("SIGTERM → exit, idle, above busybox httpd", "at most 0.7 ms", stop_above("busybox"), 2, -1, 0.7, " ms")
    part = "many"
    line("90,000 files at random, 64 connections, requests/s, to nginx without its cache", "at least 1×", to(part, "warm90000", "rate", "nginx-uncached"), 3, 1, 1, "×")
    line("the same, p99", "at most 1×", to(part, "warm90000", "p99", "nginx-uncached"), 3, -1, 1, "×")
    line("the same, resident at the most, `--cache-size 32` (the default)", "at most 46 MB", median(part, "warm90000", us, "peak"), 1, -1, 46, " MB")
    line("`--cache-size 0`, one file, requests/s, to nginx without its cache", "at least 1×", \
        ratio(median(part, "one", "aotserve-cache-0", "rate"), median(part, "one", "nginx-uncached", "rate")), 3, 1, 1, "×")
    part = "files"
    line("100 MB, CPU of server and client per GB, to nginx", "at most 1×", to(part, "100m", "whole", "nginx"), 3, -1, 1, "×")
    tls()
    part = "startup"
    line("executable", "at most 4.3 MB", median(part, "file", us, "size"), 2, -1, 4.3, " MB")
    line("memory at rest (PSS)", "at most 4.2 MB", median(part, "rest", us, "pss"), 2, -1, 4.2, " MB")

    print "\n## Where it must come out\n"
    print "Ratios of AotServe's medians to the peers', all of this run, by turns. AotServe is started by its default command line."
    print "\n| what | target | measured | |"
    print "| --- | --- | ---: | --- |"
    for (i = 1; i <= line_count; i++) print lines[i]
    printf "\n%d of %d measured targets met.\n", met, total
    if (missing != "") print "Not measured in this run: " missing "."
}
