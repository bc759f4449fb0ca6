-- What wrk sends and what it prints in the end. wrk -s wrk.lua URL -- MODE ARGUMENTS
--   plain [NAME VALUE]...   the URL's file, with these fields
--   pipeline DEPTH          so many requests in one send
--   mixed DATE              files of every size, 304, 404, ranges and closed connections, one after the other; DATE makes a 304

local modes = {}

function modes.plain(args)
    for i = 2, #args, 2 do
        wrk.headers[args[i]] = args[i + 1]
    end
end

function modes.pipeline(args)
    local batch = string.rep(wrk.format("GET"), tonumber(args[2]))
    request = function() return batch end
end

function modes.mixed(args)
    local requests, n, at = {}, 0, 0
    local function add(path, fields)
        n = n + 1
        requests[n] = wrk.format("GET", path, fields)
    end
    for i = 0, 499 do
        add(string.format("/many/%03d.html", i))
        add("/1k.html")
        if i % 5 == 0 then add("/10k.html") end
        if i % 5 == 1 then add("/1k.html", { ["If-Modified-Since"] = args[2] }) end
        if i % 10 == 2 then add("/100k.bin") end
        if i % 10 == 3 then add("/not/here.html") end
        if i % 10 == 4 then add("/100k.bin", { ["Range"] = "bytes=50000-59999" }) end
        if i % 50 == 5 then add("/1k.html", { ["Connection"] = "close" }) end
    end
    request = function()
        at = at % n + 1
        return requests[at]
    end
end

function init(args)
    modes[args[1] or "plain"](args)
end

-- One line: requests, seconds, bytes, failures (connect, read, write, timeout), statuses above 399, and the
-- 50th, 99th and 99.9th percentile of the latency in microseconds.
function done(summary, latency)
    local e = summary.errors
    io.write(string.format("RESULT %d %.6f %.0f %d %d %d %d %d\n", summary.requests, summary.duration / 1e6,
        summary.bytes, e.connect + e.read + e.write + e.timeout, e.status,
        latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
