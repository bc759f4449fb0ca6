using System;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Text;
using System.Text.Json;
using AotServe.Http;
using AotServe.Observation;
using AotServe.Tests.Http;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>The lines of one exchange in each form, from its head to its newline.</summary>
public sealed class LineFormatTests
{
    private const string Request = "GET /a%20b?q=1 HTTP/1.1\r\nHost: h.test\r\nReferer: http://r/\"x\r\nUser-Agent: cürl\\1\r\n\r\n";

    private static readonly DateTime Now = new(2026, 3, 9, 8, 7, 6, 54, DateTimeKind.Utc);

    [Fact]
    public void Combined_is_Apaches_line() => Assert.Equal(
        """192.0.2.7 - - [09/Mar/2026:08:07:06 +0000] "GET /a%20b?q=1 HTTP/1.1" 200 1234 "http://r/\"x" "c\xfcrl\\1" """.TrimEnd() + "\n",
        Line(new CombinedFormat(null), Request));

    [Fact]
    public void In_combined_what_is_not_there_is_a_dash_and_a_lost_connection_is_marked() => Assert.Equal(
        "192.0.2.7 - - [09/Mar/2026:08:07:06 +0000] \"HEAD / HTTP/1.0\" 404 - \"-\" \"-\" aborted\n",
        Line(new CombinedFormat(null), "HEAD / HTTP/1.0\r\n\r\n", status: 404, sent: 0, isLost: true));

    [Theory]
    [InlineData(12, 31, "31/Dec")]
    [InlineData(2, 1, "01/Feb")]
    [InlineData(10, 10, "10/Oct")]
    public void In_combined_a_month_has_its_English_name(int month, int day, string shown)
    {
        var format = new CombinedFormat(null);
        Assert.Contains("[09/Mar/2026:08:07:06 +0000]", Line(format, Request), StringComparison.Ordinal); // It keeps the last second.
        Assert.Contains(
            $"[{shown}/2031:23:59:59 +0000]",
            Line(format, Request, now: new DateTime(2031, month, day, 23, 59, 59, 999, DateTimeKind.Utc)),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ann:secret", 200, "ann")]
    [InlineData("ann x\":secret", 200, "ann\\x20x\\\"")]
    [InlineData("é\n:s", 404, "\\xc3\\xa9\\n")]
    [InlineData("ann:secret", 401, "-")]
    [InlineData("ann:secret", 429, "-")]
    [InlineData(":secret", 200, "-")]
    [InlineData("no colon", 200, "-")]
    public void Who_signed_in_is_one_word(string credentials, int status, string shown)
    {
        string request = $"GET / HTTP/1.1\r\nHost: h\r\nAuthorization: bAsIc {Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))}\r\n\r\n";
        Assert.StartsWith($"192.0.2.7 - {shown} [", Line(new CombinedFormat(new UserNames()), request, status), StringComparison.Ordinal);
        Assert.StartsWith("192.0.2.7 - - [", Line(new CombinedFormat(null), request, status), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "-")]
    [InlineData("\u0016\u0003\u0001\"\u001b[2J", "\\x16\\x03\\x01\\\"\\x1b[2J")]
    public void In_combined_refused_bytes_stand_where_the_request_would(string sent, string shown) => Assert.Equal(
        $"192.0.2.7 - - [09/Mar/2026:08:07:06 +0000] \"{shown}\" 400 12 \"-\" \"-\"\n",
        Line(new CombinedFormat(null), Request, status: 400, sent: 12, refused: sent));

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.9", "192.0.2.9")]
    [InlineData(null, "unix:")]
    public void A_client_is_its_address(string? client, string shown)
    {
        var format = new CombinedFormat(null);
        Assert.StartsWith("192.0.2.7 - ", Line(format, Request), StringComparison.Ordinal);
        IPAddress? address = client is null ? null : IPAddress.Parse(client);
        Assert.StartsWith(shown + " - ", Line(format, Request, client: address), StringComparison.Ordinal);
        Assert.StartsWith(shown + " - ", Line(format, Request, client: address), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_names_of_OpenTelemetry()
    {
        JsonElement line = Json(Line(new JsonFormat(null, "worker 2"u8.ToArray()), Request));
        Assert.Equal("2026-03-09T08:07:06.054Z", line.GetProperty("timestamp").GetString());
        Assert.Equal("192.0.2.7", line.GetProperty("client.address").GetString());
        Assert.Equal("GET", line.GetProperty("http.request.method").GetString());
        Assert.Equal("http", line.GetProperty("url.scheme").GetString());
        Assert.Equal("/a%20b", line.GetProperty("url.path").GetString());
        Assert.Equal("q=1", line.GetProperty("url.query").GetString());
        Assert.Equal("1.1", line.GetProperty("network.protocol.version").GetString());
        Assert.Equal("h.test", line.GetProperty("server.address").GetString());
        Assert.Equal("c\\xfcrl\\1", line.GetProperty("user_agent.original").GetString());
        Assert.Equal(["http://r/\"x"], line.GetProperty("http.request.header.referer").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal(["br"], line.GetProperty("http.response.header.content-encoding").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("worker 2", line.GetProperty("thread.name").GetString());
        Assert.Equal((5, 3), (line.GetProperty("connection.id").GetInt64(), line.GetProperty("request.number").GetInt64()));
        Assert.Equal((200, 1234), (line.GetProperty("http.response.status_code").GetInt32(), line.GetProperty("http.response.body.size").GetInt64()));
        Assert.True(line.GetProperty("duration_us").GetInt64() >= 2_000_000);
        Assert.Equal(17, line.EnumerateObject().Count()); // No other, and none twice.
    }

    [Fact]
    public void Json_says_when_a_connection_was_lost_and_what_method_nobody_knows()
    {
        JsonElement line = Json(Line(new JsonFormat(null, []), "BREW /pot HTTP/1.0\r\nRange: bytes=1-2\r\n\r\n", isLost: true));
        Assert.Equal("connection_lost", line.GetProperty("error.type").GetString());
        Assert.Equal(("_OTHER", "BREW"), (line.GetProperty("http.request.method").GetString(), line.GetProperty("http.request.method_original").GetString()));
        Assert.Equal("1.0", line.GetProperty("network.protocol.version").GetString());
        Assert.Equal("bytes=1-2", line.GetProperty("http.request.header.range")[0].GetString());
        Assert.False(line.TryGetProperty("server.address", out _) || line.TryGetProperty("url.query", out _));
    }

    [Fact]
    public void In_json_refused_bytes_are_escaped()
    {
        JsonElement line = Json(Line(new JsonFormat(null, []), Request, status: 400, refused: "\u0016\"\n\u00ff"));
        Assert.Equal("\u0016\"\n\\xff", line.GetProperty("request.line").GetString());
        Assert.False(line.TryGetProperty("url.path", out _));
    }

    [Theory]
    [InlineData("/ok", "/ok")]
    [InlineData("*", "*")]
    [InlineData("http://h.test", "/")]
    public void In_json_the_path_is_there_in_every_form_of_a_target(string target, string path) => Assert.Equal(
        path,
        Json(Line(new JsonFormat(null, []), $"OPTIONS {target} HTTP/1.1\r\nHost: h.test\r\n\r\n")).GetProperty("url.path").GetString());

    [Fact]
    public void A_field_of_eight_kilobytes_is_cut()
    {
        string request = "GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: " + new string('a', 8_000) + "\r\n\r\n";
        Assert.EndsWith($" \"{new string('a', 4_096)}\"\n", Line(new CombinedFormat(null), request), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, 0, "0 B")]
    [InlineData(304, 1_023, "1023 B")]
    [InlineData(404, 1_024, "1.0 KiB")]
    [InlineData(500, 10_239, "9.9 KiB")]
    [InlineData(200, 10_240, "10 KiB")]
    [InlineData(200, 5L << 40, "5.0 TiB")]
    public void On_a_terminal_a_line_is_short(int status, long sent, string size)
    {
        string line = Line(new TerminalFormat(hasColour: false), Request, status, sent);
        Assert.Matches($@"^08:07:06 GET /a%20b\?q=1 {status} {size.Replace(".", "\\.", StringComparison.Ordinal)} \d+\.\d ms\n$", line);
    }

    [Theory]
    [InlineData(200, 32)]
    [InlineData(301, 36)]
    [InlineData(404, 33)]
    [InlineData(503, 31)]
    public void On_a_terminal_a_status_has_its_colour_and_clients_have_none(int status, int colour)
    {
        string line = Line(new TerminalFormat(hasColour: true), "GET /\u001b[31m\u009b HTTP/1.1\r\n\r\n", status, refused: "GET /\u001b[31m\u009b", isLost: true);
        Assert.Contains($" \u001b[{colour}m{status}\u001b[0m ", line, StringComparison.Ordinal);
        Assert.Contains("/\\x1b[31m\\x9b ", line, StringComparison.Ordinal);
        Assert.EndsWith(" ms, aborted\n", line, StringComparison.Ordinal);
        Assert.Equal(2, line.Count(c => c == '\u001b'));
    }

    private static JsonElement Json(string line)
    {
        Assert.Equal(line.Length - 1, line.IndexOf('\n', StringComparison.Ordinal));
        return JsonDocument.Parse(line).RootElement;
    }

    /// <summary>The line of an exchange that began two seconds ago. With refused bytes the head is that of an earlier request.</summary>
    private static string Line(
        LineFormat format, string request, int status = 200, long sent = 1234, bool isLost = false, string? refused = null, DateTime? now = null) =>
        Line(format, request, IPAddress.Parse("192.0.2.7"), status, sent, isLost, refused, now);

    private static string Line(LineFormat format, string request, IPAddress? client) => Line(format, request, client, 200, 1234, false, null, null);

    private static string Line(
        LineFormat format, string request, IPAddress? client, int status, long sent, bool isLost, string? refused, DateTime? now)
    {
        RequestHead head = Parsing.Parse(request).Head;
        var start = new ExchangeStart
        {
            Client = client,
            Now = now ?? Now,
            Connection = 5,
            Number = 3,
            IsSignedIn = status is 200 or 404,
            IsRefused = refused is not null,
            RefusedLine = Parsing.Bytes(refused ?? ""),
            ResponseHead = "HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nVary: x\r\n\r\n"u8,
        };
        var description = new OutputBuffer(0);
        description.Write("of another"u8);
        int split = format.Describe(head, start, description);
        ReadOnlySpan<byte> own = description.Written["of another".Length..];
        var line = new OutputBuffer(0);
        var exchange = new Exchange { StartedAt = Stopwatch.GetTimestamp() - (2 * Stopwatch.Frequency), Status = status };
        format.Finish(exchange, own[..split], own[split..], sent, isLost, line);
        return Parsing.Text(line.Written);
    }
}
