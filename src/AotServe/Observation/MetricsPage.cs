using System;
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
    private const double Microsecond = 1e-6;

    private readonly StringBuilder _text = new(8192);

    private static ReadOnlySpan<byte> Prefix => "aotserve_"u8;

    /// <summary>The media type of the page.</summary>
    public static ReadOnlySpan<byte> TypeOf(bool isOpenMetrics) => isOpenMetrics
        ? "application/openmetrics-text; version=1.0.0; charset=utf-8"u8
        : "text/plain; version=0.0.4; charset=utf-8"u8;

    /// <summary>Writes the page.</summary>
    public byte[] Write(ServerFigures server, CounterSum sum, string version, string framework)
    {
        Begin("build_info"u8, "gauge"u8, "The version of the server."u8);
        Add("build_info"u8, $"version=\"{version}\",framework=\"{framework}\"", 1);
        WriteRequests(sum);
        Begin("connections"u8, "gauge"u8, "Open connections, by what they do."u8);
        AddEach("connections"u8, "state"u8, server.Connections);
        Counter("connections_accepted"u8, "Connections that were accepted."u8, server.Accepted);
        if (server.Handshakes.Length > 0)
        {
            Begin("tls_handshakes"u8, "counter"u8, "TLS handshakes, by what became of them."u8);
            AddEach("tls_handshakes_total"u8, "result"u8, server.Handshakes);
        }

        Begin("connections_refused"u8, "counter"u8, "Connections that were closed at once, or to make room, by reason."u8);
        AddEach("connections_refused_total"u8, "reason"u8, server.Refused);
        Begin("timeouts"u8, "counter"u8, "Clients that took too long, by what they were waited for."u8);
        AddEach("timeouts_total"u8, "kind"u8, server.Timeouts);
        Begin("workers"u8, "gauge"u8, "Workers, by what they do."u8);
        AddEach("workers"u8, "state"u8, server.Workers);
        Gauge("queue_length"u8, "Connections that wait for a worker."u8, server.Queued);
        Gauge("queue_wait_seconds"u8, "How long the oldest that waits for a worker has waited, or the last probe did."u8, server.QueueWait);
        Begin("cache_requests"u8, "counter"u8, "Content that came from the cache or an open file, and content that did not."u8);
        Add("cache_requests_total"u8, "result=\"hit\"", server.CacheUses.Hits);
        Add("cache_requests_total"u8, "result=\"miss\"", server.CacheUses.Misses);
        Gauge("cache_bytes"u8, "Memory of the cache."u8, server.Cache.Bytes);
        Gauge("cache_entries"u8, "Names that the cache knows."u8, server.Cache.Entries);
        Counter("cache_evictions"u8, "Names that the cache gave up for others."u8, server.Cache.Evictions);
        Counter("compressions"u8, "Compressed copies of files that were made (--compress)."u8, server.Compressions.Copies);
        Counter("compressed_bytes"u8, "Bytes of these copies."u8, server.Compressions.Bytes);
        Gauge("buffer_bytes"u8, "Memory that is kept for clients."u8, server.Buffers.Bytes);
        Gauge("buffer_limit_bytes"u8, "The most memory that is kept for clients."u8, server.Buffers.Most);
        Counter("login_failures"u8, "Wrong names or passwords."u8, server.LoginFailures);
        Counter("log_lines"u8, "Lines of the access log."u8, server.Log.Lines);
        Counter("log_lines_dropped"u8, "Lines that the output of the access log did not take in time."u8, server.Log.Dropped);
        Gauge("is_successor"u8, "Whether this server has replaced another."u8, server.IsSuccessor ? 1 : 0);
        WriteProcess(server);
        if (isOpenMetrics)
        {
            _text.Append("# EOF\n"u8);
        }

        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private void WriteRequests(CounterSum sum)
    {
        Begin("requests"u8, "counter"u8, "Requests that were answered, by method and status."u8);
        foreach (RequestCount requests in sum.Requests)
        {
            Add("requests_total"u8, $"method=\"{NameOf(requests.Method)}\",status=\"{requests.Status}\"", requests.Count);
        }

        Counter("response_bytes"u8, "Bytes of responses that the kernel took, heads included."u8, sum.ResponseBytes);
        Begin("request_duration_seconds"u8, "histogram"u8, "From the last byte of a request's head to the last byte of its response."u8);
        long cumulated = 0;
        for (int i = 0; i < sum.Buckets.Length; i++)
        {
            cumulated += sum.Buckets[i];
            string bound = i < ThreadCounters.Bounds.Length ? Text(ThreadCounters.Bounds[i] * Microsecond) : "+Inf";
            Add("request_duration_seconds_bucket"u8, $"le=\"{bound}\"", cumulated);
        }

        Add("request_duration_seconds_sum"u8, "", sum.Microseconds * Microsecond);
        Add("request_duration_seconds_count"u8, "", cumulated);
    }

    private void WriteProcess(ServerFigures server)
    {
        Process("process_cpu_seconds"u8, "counter"u8, "Time of processors that the process has used."u8, server.ProcessorTime);
        Process("process_start_time_seconds"u8, "gauge"u8, "When the process was started, since 1970."u8, server.StartedAt);
        Process("process_resident_memory_bytes"u8, "gauge"u8, "Resident memory."u8, server.ResidentBytes);
        Process("process_virtual_memory_bytes"u8, "gauge"u8, "Virtual memory."u8, server.VirtualBytes);
        Process("process_max_fds"u8, "gauge"u8, "Descriptors that the process may have open."u8, server.MostDescriptors);
    }

    private void Process(ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReadOnlySpan<byte> help, double value)
    {
        Head(default, name, type, help);
        _text.Append(name).Append(IsCounter(type) ? "_total " : " ").Append(Text(value)).Append('\n');
    }

    private void Counter(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, double value)
    {
        Begin(name, "counter"u8, help);
        AddTo(name, "_total", "", value);
    }

    private void Gauge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> help, double value)
    {
        Begin(name, "gauge"u8, help);
        Add(name, "", value);
    }

    private void AddEach(ReadOnlySpan<byte> name, ReadOnlySpan<byte> label, NamedCount[] rows)
    {
        string key = Encoding.UTF8.GetString(label);
        foreach (NamedCount row in rows)
        {
            Add(name, $"{key}=\"{row.Name}\"", row.Count);
        }
    }

    private void Begin(ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReadOnlySpan<byte> help) => Head(Prefix, name, type, help);

    private void Head(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> name, ReadOnlySpan<byte> type, ReadOnlySpan<byte> help)
    {
        string suffix = IsCounter(type) && !isOpenMetrics ? "_total" : "";
        _text.Append("# HELP "u8).Append(prefix).Append(name).Append(suffix).Append(' ').Append(help)
            .Append("\n# TYPE "u8).Append(prefix).Append(name).Append(suffix).Append(' ').Append(type).Append('\n');
    }

    private void Add(ReadOnlySpan<byte> name, string labels, double value) => AddTo(name, "", labels, value);

    private void AddTo(ReadOnlySpan<byte> name, string suffix, string labels, double value)
    {
        _text.Append(Prefix).Append(name).Append(suffix);
        if (labels.Length > 0)
        {
            _text.Append('{').Append(labels).Append('}');
        }

        _text.Append(' ').Append(Text(value)).Append('\n');
    }

    private static bool IsCounter(ReadOnlySpan<byte> type) => type.SequenceEqual("counter"u8);

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
