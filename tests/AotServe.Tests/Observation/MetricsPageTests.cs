using System.Linq;
using System.Text;
using AotServe.Http;
using AotServe.Observation;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>The page of metrics, of figures that are made up.</summary>
public sealed class MetricsPageTests
{
    [Fact]
    public void A_counter_is_named_after_the_format()
    {
        Assert.Contains("# TYPE aotserve_requests_total counter\n", Page(false, MadeUp.Nothing, new CounterSum()));
        Assert.Contains("# TYPE process_cpu_seconds_total counter\nprocess_cpu_seconds_total 0\n", Page(false, MadeUp.Nothing, new CounterSum()));
        Assert.Contains("# TYPE aotserve_requests counter\n", Page(true, MadeUp.Nothing, new CounterSum()));
        Assert.Contains("# TYPE process_cpu_seconds counter\nprocess_cpu_seconds_total 0\n", Page(true, MadeUp.Nothing, new CounterSum()));
    }

    [Fact]
    public void Requests_stand_by_method_and_status_and_only_those_that_there_were()
    {
        var sum = new CounterSum();
        sum.Add(RequestMethod.Get, 200, 5);
        sum.Add(RequestMethod.Patch, 599, 6);
        sum.Add(RequestMethod.Other, 100, 7);
        sum.Add(RequestMethod.Get, 200, 1);
        Assert.Equal(
            [
                "aotserve_requests_total{method=\"other\",status=\"100\"} 7",
                "aotserve_requests_total{method=\"GET\",status=\"200\"} 6",
                "aotserve_requests_total{method=\"PATCH\",status=\"599\"} 6",
            ],
            Page(false, MadeUp.Nothing, sum).Split('\n').Where(line => line.StartsWith("aotserve_requests_total{")));
        Assert.Equal(19, sum.Count);
    }

    [Fact]
    public void Buckets_are_cumulated_and_times_are_seconds()
    {
        var sum = new CounterSum { Microseconds = 12_345_678 };
        sum.Buckets[0] = 1;
        sum.Buckets[2] = 10;
        sum.Buckets[^1] = 100;
        string page = Page(false, MadeUp.Nothing, sum);
        string[] lines = [.. page.Split('\n').Where(line => line.StartsWith("aotserve_request_duration_seconds"))];
        Assert.Equal(ThreadCounters.Bounds.Length + 3, lines.Length);
        Assert.Equal(
            [
                "aotserve_request_duration_seconds_bucket{le=\"0.00005\"} 1",
                "aotserve_request_duration_seconds_bucket{le=\"0.0001\"} 1",
                "aotserve_request_duration_seconds_bucket{le=\"0.00025\"} 11",
            ],
            lines[..3]);
        Assert.Equal(
            [
                "aotserve_request_duration_seconds_bucket{le=\"10\"} 11",
                "aotserve_request_duration_seconds_bucket{le=\"+Inf\"} 111",
                "aotserve_request_duration_seconds_sum 12.345678",
                "aotserve_request_duration_seconds_count 111",
            ],
            lines[^4..]);
    }

    [Theory]
    [InlineData(0L)]
    [InlineData(7L)]
    [InlineData(1_000_000_000_000_000L)]
    public void Each_figure_is_there_in_full(long value)
    {
        var sum = new CounterSum { ResponseBytes = value };
        string page = Page(false, MadeUp.Figures(value), sum);
        foreach (string name in (string[])[
            "aotserve_response_bytes_total", "aotserve_connections{state=\"reading_head\"}", "aotserve_connections_accepted_total",
            "aotserve_connections_refused_total{reason=\"evicted\"}", "aotserve_timeouts_total{kind=\"head\"}", "aotserve_timeouts_total{kind=\"idle\"}",
            "aotserve_workers{state=\"busy\"}", "aotserve_queue_length", "aotserve_queue_wait_seconds", "aotserve_cache_requests_total{result=\"hit\"}",
            "aotserve_cache_requests_total{result=\"miss\"}", "aotserve_cache_bytes", "aotserve_cache_evictions_total", "aotserve_buffer_bytes",
            "aotserve_buffer_limit_bytes", "aotserve_login_failures_total", "aotserve_log_lines_total", "aotserve_log_lines_dropped_total",
            "process_cpu_seconds_total", "process_start_time_seconds", "process_resident_memory_bytes", "process_virtual_memory_bytes", "process_max_fds"])
        {
            Assert.Contains($"\n{name} {value}\n", page);
        }

        Assert.Contains($"\naotserve_is_successor {(value > 0 ? 1 : 0)}\n", page);
        Assert.Contains("\naotserve_build_info{version=\"1.2\",framework=\"net\"} 1\n", page);
    }

    private static string Page(bool isOpen, ServerFigures figures, CounterSum sum) =>
        Encoding.UTF8.GetString(new MetricsPage(isOpen).Write(figures, sum, "1.2", "net"));
}
