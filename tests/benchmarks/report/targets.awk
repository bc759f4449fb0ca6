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

# The best of the peers (bare-epoll and other builds of AotServe are none); sets best_server.
function best(section, case_, metric, direction,    s, m, found) {
    found = ""
    best_server = "the best peer"
    for (s = 1; s <= server_count; s++) {
        if (servers[s] ~ /^(aotserve.*|before|bare-epoll)$/) continue
        m = median(section, case_, servers[s], metric)
        if (m != "" && (found == "" || direction * m > direction * found)) { found = m; best_server = servers[s] }
    }
    return found
}

END {
    us = "aotserve"
    part = "startup"
    f = median("startup", "warm", us, "first")
    line("exec → first response, to busybox httpd", "at most 1.5×", ratio(f, median("startup", "warm", "busybox", "first")), 2, -1, 1.5, "×")
    line("exec → first response, faster than nginx", "at least 4×", ratio(median("startup", "warm", "nginx", "first"), f), 2, 1, 4, "×")
    line("exec → first response, faster than Kestrel", "at least 10×", ratio(median("startup", "warm", "kestrel", "first"), f), 2, 1, 10, "×")
    line("exec → first response, faster than Caddy", "at least 10×", ratio(median("startup", "warm", "caddy", "first"), f), 2, 1, 10, "×")

    part = "throughput"
    r = median("throughput", "keep64", us, "rate")
    line("requests/s, 64 connections, to bare-epoll", "at least 0.95×", ratio(r, median("throughput", "keep64", "bare-epoll", "rate")), 3, 1, 0.95, "×")
    line("requests/s, 64 connections, to nginx", "at least 1.4×", ratio(r, median("throughput", "keep64", "nginx", "rate")), 3, 1, 1.4, "×")
    line("requests/s, 64 connections, to h2o", "above 1×", ratio(r, median("throughput", "keep64", "h2o", "rate")), 3, 1, 1, "×")
    line("requests/s, 64 connections, to lighttpd", "above 1×", ratio(r, median("throughput", "keep64", "lighttpd", "rate")), 3, 1, 1, "×")
    many = median("throughput", "keep4096", us, "rate")
    line("requests/s, 4096 connections, to its own at 64", "at least 0.85×", ratio(many, r), 3, 1, 0.85, "×")
    b = best("throughput", "keep4096", "rate", 1)
    line("requests/s, 4096 connections, to the best peer (" best_server ")", "above 1×", ratio(many, b), 3, 1, 1, "×")
    b = best("throughput", "keep64", "p99", -1)
    line("p99 at 64 connections, to the best peer (" best_server ")", "at most 1×", ratio(median("throughput", "keep64", us, "p99"), b), 3, -1, 1, "×")
    line("new connection per request, to nginx", "above 1×", ratio(median("throughput", "closing", us, "rate"), median("throughput", "closing", "nginx", "rate")), 3, 1, 1, "×")

    part = "files"
    line("100 KB, bytes/s, to nginx", "at least 1×", ratio(median("files", "100k", us, "bytes"), median("files", "100k", "nginx", "bytes")), 3, 1, 1, "×")
    line("100 KB, CPU s/GB, to nginx", "at most 1×", ratio(median("files", "100k", us, "cpu"), median("files", "100k", "nginx", "cpu")), 3, -1, 1, "×")
    line("100 MB, bytes/s, to nginx", "at least 1×", ratio(median("files", "100m", us, "bytes"), median("files", "100m", "nginx", "bytes")), 3, 1, 1, "×")
    line("100 MB, CPU s/GB, to nginx", "at most 1×", ratio(median("files", "100m", us, "cpu"), median("files", "100m", "nginx", "cpu")), 3, -1, 1, "×")

    part = "connections"
    line("memory of an idle connection", "at most 1024 bytes", median("connections", "idle", us, "each"), 0, -1, 1024, " bytes")
    line("memory with all idle connections, to nginx", "below 1×", ratio(median("connections", "idle", us, "total"), median("connections", "idle", "nginx", "total")), 3, -1, 1, "×")
    line("active client's p99 beside them, to alone", "at most 1.2×", ratio(median("connections", "active", us, "beside99"), median("connections", "active", us, "alone99")), 2, -1, 1.2, "×")

    part = "startup"
    line("executable", "at most 4.5 MB", median("startup", "file", us, "size"), 2, -1, 4.5, " MB")
    line("memory at rest (PSS)", "at most 5 MB", median("startup", "rest", us, "pss"), 2, -1, 5, " MB")
    part = "memory"
    split("1k,1 KB;100k,100 KB;not-modified,304;missing,404", kinds, ";")
    for (k = 1; k <= 4; k++) {
        split(kinds[k], kind, ",")
        line("allocated by 100,000 warm requests, " kind[2], "0 bytes", median("memory", "allocated-" kind[1], us, "sum"), 0, -1, 0, " bytes")
    }
    part = "shutdown"
    e = median("shutdown", "idle", us, "exit")
    b = median("shutdown", "idle", "busybox", "exit")
    line("SIGTERM → exit, idle, above busybox httpd", "at most 1 ms", e == "" || b == "" ? "" : e - b, 2, -1, 1, " ms")

    print "\n## Where it must come out\n"
    print "Ratios of AotServe's medians to the peers', all of this run."
    print "\n| what | target | measured | |"
    print "| --- | --- | ---: | --- |"
    for (i = 1; i <= line_count; i++) print lines[i]
    printf "\n%d of %d measured targets met.\n", met, total
    if (missing != "") print "Not measured in this run: " missing "."
}
