using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>
/// Figures in the text format of Prometheus (version 0.0.4), or as OpenMetrics 1.0, in which a counter's family has no <c>_total</c> and the end
/// is marked.
/// </summary>
/// <param name="isOpenMetrics">Which of them.</param>
internal sealed class MetricsPage(bool isOpenMetrics)
{
    private const string Prefix = "aotserve_";
    private const double Microsecond = 1e-6;

    private readonly StringBuilder _text = new(8192);

    /// <summary>The media type of the page.</summary>
    public static ReadOnlySpan<byte> TypeOf(bool isOpenMetrics) => isOpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"u8
        : "text/plain; version=0.0.4; charset=utf-8"u8;

    /// <summary>Writes the page.</summary>
    public byte[] Write(ServerFigures server, CounterSum sum, string version, string framework)
    {
        Begin("build_info", "gauge", "The version of the server.");
        Add("build_info", $"version=\"{version}\",framework=\"{framework}\"", 1);
        WriteRequests(sum);
        Begin("connections", "gauge", "Open connections, by what they do.");
        AddEach("connections", "state", server.Connections);
        Counter("connections_accepted", "Connections that were accepted.", server.Accepted);
        if (server.Handshakes.Count > 0)
        {
            Begin("tls_handshakes", "counter", "TLS handshakes, by what became of them.");
            AddEach("tls_handshakes_total", "result", server.Handshakes);
        }

        Begin("connections_refused", "counter", "Connections that were closed at once, or to make room, by reason.");
        AddEach("connections_refused_total", "reason", server.Refused);
        Begin("timeouts", "counter", "Clients that took too long, by what they were waited for.");
        AddEach("timeouts_total", "kind", server.Timeouts);
        Begin("workers", "gauge", "Workers, by what they do.");
        AddEach("workers", "state", server.Workers);
        Gauge("queue_length", "Connections that wait for a worker.", server.Queued);
        Gauge("queue_wait_seconds", "How long the oldest that waits for a worker has waited, or the last probe did.", server.QueueWait);
        Begin("cache_requests", "counter", "Content that came from the cache or an open file, and content that did not.");
        Add("cache_requests_total", "result=\"hit\"", server.CacheUses.Hits);
        Add("cache_requests_total", "result=\"miss\"", server.CacheUses.Misses);
        Gauge("cache_bytes", "Memory of the cache.", server.Cache.Bytes);
        Gauge("cache_entries", "Names that the cache knows.", server.Cache.Entries);
        Counter("cache_evictions", "Names that the cache gave up for others.", server.Cache.Evictions);
        Counter("compressions", "Compressed copies of files that were made (--compress).", server.Compressions.Copies);
        Counter("compressed_bytes", "Bytes of these copies.", server.Compressions.Bytes);
        Gauge("buffer_bytes", "Memory that is kept for clients.", server.Buffers.Bytes);
        Gauge("buffer_limit_bytes", "The most memory that is kept for clients.", server.Buffers.Most);
        Counter("login_failures", "Wrong names or passwords.", server.LoginFailures);
        Counter("log_lines", "Lines of the access log.", server.Log.Lines);
        Counter("log_lines_dropped", "Lines that the output of the access log did not take in time.", server.Log.Dropped);
        Gauge("is_successor", "Whether this server has replaced another.", server.IsSuccessor ? 1 : 0);
        WriteProcess(server);
        if (isOpenMetrics)
        {
            _text.Append("# EOF\n");
        }

        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private void WriteRequests(CounterSum sum)
    {
        Begin("requests", "counter", "Requests that were answered, by method and status.");
        foreach (RequestCount requests in sum.Requests)
        {
            Add("requests_total", $"method=\"{NameOf(requests.Method)}\",status=\"{requests.Status}\"", requests.Count);
        }

        Counter("response_bytes", "Bytes of responses that the kernel took, heads included.", sum.ResponseBytes);
        Begin("request_duration_seconds", "histogram", "From the last byte of a request's head to the last byte of its response.");
        long cumulated = 0;
        for (int i = 0; i < sum.Buckets.Length; i++)
        {
            cumulated += sum.Buckets[i];
            string bound = i < ThreadCounters.Bounds.Length ? Text(ThreadCounters.Bounds[i] * Microsecond) : "+Inf";
            Add("request_duration_seconds_bucket", $"le=\"{bound}\"", cumulated);
        }

        Add("request_duration_seconds_sum", "", sum.Microseconds * Microsecond);
        Add("request_duration_seconds_count", "", cumulated);
    }

    private void WriteProcess(ServerFigures server)
    {
        Process("process_cpu_seconds", "counter", "Time of processors that the process has used.", server.ProcessorTime);
        Process("process_start_time_seconds", "gauge", "When the process was started, since 1970.", server.StartedAt);
        Process("process_resident_memory_bytes", "gauge", "Resident memory.", server.ResidentBytes);
        Process("process_virtual_memory_bytes", "gauge", "Virtual memory.", server.VirtualBytes);
        Process("process_max_fds", "gauge", "Descriptors that the process may have open.", server.MostDescriptors);
    }

    private void Process(string name, string type, string help, double value)
    {
        Head(name, type, help);
        _text.Append(name).Append(type == "counter" ? "_total " : " ").Append(Text(value)).Append('\n');
    }

    private void Counter(string name, string help, double value)
    {
        Begin(name, "counter", help);
        Add(name + "_total", "", value);
    }

    private void Gauge(string name, string help, double value)
    {
        Begin(name, "gauge", help);
        Add(name, "", value);
    }

    private void AddEach(string name, string label, IReadOnlyList<NamedCount> rows)
    {
        foreach (NamedCount row in rows)
        {
            Add(name, $"{label}=\"{row.Name}\"", row.Count);
        }
    }

    private void Begin(string name, string type, string help) => Head(Prefix + name, type, help);

    private void Head(string name, string type, string help)
    {
        string family = type == "counter" && !isOpenMetrics ? name + "_total" : name;
        _text.Append("# HELP ").Append(family).Append(' ').Append(help).Append("\n# TYPE ").Append(family).Append(' ').Append(type).Append('\n');
    }

    private void Add(string name, string labels, double value)
    {
        _text.Append(Prefix).Append(name);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(Text(value)).Append('\n');
    }

    private static string NameOf(RequestMethod method) => method switch
    {
        RequestMethod.Get => "GET",
        RequestMethod.Head => "HEAD",
        RequestMethod.Post => "POST",
        RequestMethod.Put => "PUT",
        RequestMethod.Delete => "DELETE",
        RequestMethod.Connect => "CONNECT",
        RequestMethod.Options => "OPTIONS",
        RequestMethod.Trace => "TRACE",
        RequestMethod.Patch => "PATCH",
        _ => "other",
    };

    private static string Text(double value) => value.ToString("0.######", CultureInfo.InvariantCulture);
}
