-- What wrk sends and what it prints in the end. wrk -s wrk.lua URL -- MODE ARGUMENTS
--   plain [NAME VALUE]...   the URL's file, with these fields
--   pipeline DEPTH          so many requests in one send
--   random COUNT SEED       one of the first COUNT files of tools/site.c each time, by a sequence of its own for each thread
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

-- The pieces lie ready: a request costs the client one joining of strings.
function modes.random(args)
    local count, whole, folders, names = tonumber(args[2]), wrk.format("GET", "/@"), {}, {}
    local at = whole:find("@", 1, true)
    local head, tail = whole:sub(1, at - 1), whole:sub(at + 1)
    for i = 0, math.ceil(count / 300) - 1 do folders[i] = head .. string.format("d%04d/", i) end
    for i = 0, 299 do names[i] = string.format("%03d.html", i) .. tail end
    math.randomseed(tonumber(args[3]) * 100 + number)
    request = function()
        local i = math.random(0, count - 1)
        return folders[math.floor(i / 300)] .. names[i % 300]
    end
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

local threads = 0

-- Runs once for each thread, in a state that they do not share.
function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
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
