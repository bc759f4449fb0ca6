using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Text;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>
/// The page for people who run the server: what runs since when, requests and their times as charts of the last ten minutes, connections, workers,
/// memory, statuses, walls, the last lines of stderr. It is new with each request.
/// </summary>
internal sealed class StatusPage
{
    private const int ChartHeight = 100;
    private const int MostStatuses = 12;

    private readonly StringBuilder _html = new(Encoding.UTF8.GetString(StatusPageParts.Begin), 16 * 1024);

    /// <summary>Writes the page.</summary>
    /// <param name="title">The server's name and version.</param>
    /// <param name="serves">The line that says what is served where.</param>
    /// <param name="server">What the server says of itself.</param>
    /// <param name="sum">What was counted.</param>
    /// <param name="points">The last ten minutes.</param>
    public byte[] Write(string title, string serves, ServerFigures server, CounterSum sum, HistoryPoint[] points)
    {
        _html.Append("<header><h1>"u8).Append(Encode(title)).Append("</h1><p>"u8).Append(Encode(serves)).Append("</p><p>Running for "u8)
            .Append(Duration(server.Uptime)).Append(server.IsSuccessor ? ", in place of another (SIGUSR2)" : "").Append(".</p></header>\n<div class=\"cards\">\n"u8);
        double now = points.Length > 0 ? points[^1].Requests : 0;
        Card(Number(now), "requests a second"u8);
        Card(Number(sum.Count), "requests"u8);
        Card(Size(sum.ResponseBytes), "sent"u8);
        Card(Number(SumOf(server.Connections)), "connections"u8);
        Card(server.ResidentBytes > 0 ? Size(server.ResidentBytes) : "–", "of memory"u8);
        long uses = server.CacheUses.Hits + server.CacheUses.Misses;
        Card(uses > 0 ? (100.0 * server.CacheUses.Hits / uses).ToString("0.0", CultureInfo.InvariantCulture) + " %" : "–", "from the cache"u8);
        _html.Append("</div>\n<div class=\"pair\">\n"u8);
        Chart("Requests a second"u8, points, static point => point.Requests, "");
        Chart("Time of 99 in 100"u8, points, static point => point.Slow, " ms");
        _html.Append("</div>\n<div class=\"pair\">\n"u8);
        Statuses(sum);
        Table("Connections"u8, server.Connections);
        Table("Workers"u8, server.Workers);
        Table("Closed at once or for room"u8, server.Refused);
        Table("Took too long"u8, server.Timeouts);
        Memory(server);
        _html.Append("</div>\n"u8);
        List("Walls"u8, server.Walls);
        _html.Append("<section><h2>Last lines of stderr</h2><pre>"u8)
            .Append(server.LastErrors.Length == 0 ? "none" : Encode(string.Join('\n', server.LastErrors))).Append("</pre></section>\n"u8);
        return Encoding.UTF8.GetBytes(_html.Append(StatusPageParts.End).ToString());
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static long SumOf(NamedCount[] rows)
    {
        long sum = 0;
        foreach (NamedCount row in rows)
        {
            sum += row.Count;
        }

        return sum;
    }

    private void Memory(ServerFigures server)
    {
        BeginTable("Memory and files"u8);
        Row("cache"u8, Size(server.Cache.Bytes));
        Row("names in the cache"u8, Number(server.Cache.Entries));
        Row("kept for clients"u8, $"{Size(server.Buffers.Bytes)} of {Size(server.Buffers.Most)}");
        Row("wait for a worker"u8, $"{Number(server.Queued)}, {Number(Math.Round(server.QueueWait * 1000))} ms");
        Row("wrong passwords"u8, Number(server.LoginFailures));
        Row("log lines, dropped"u8, $"{Number(server.Log.Lines)}, {Number(server.Log.Dropped)}");
        _html.Append("</table></section>\n"u8);
    }

    private static string Number(double value) =>
        value.ToString(value is > 0 and < 10 && value != Math.Floor(value) ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static string Size(double bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        int unit = 0;
        for (; bytes >= 1024 && unit < units.Length - 1; unit++)
        {
            bytes /= 1024;
        }

        return bytes.ToString(unit == 0 || bytes >= 100 ? "0 " : "0.0 ", CultureInfo.InvariantCulture) + units[unit];
    }

    private static string Duration(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Floor(seconds));
        return time.TotalDays >= 1 ? $"{time.Days} d {time.Hours} h" : time.TotalHours >= 1 ? $"{time.Hours} h {time.Minutes} min"
            : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{time.Seconds} s";
    }

    private void Card(string value, ReadOnlySpan<byte> what) =>
        _html.Append("<div><b>"u8).Append(value).Append("</b><span>"u8).Append(what).Append("</span></div>\n"u8);

    private void Chart(ReadOnlySpan<byte> title, HistoryPoint[] points, Func<HistoryPoint, double> value, string unit)
    {
        double most = 0;
        foreach (HistoryPoint point in points)
        {
            most = Math.Max(most, value(point));
        }

        var line = new StringBuilder();
        for (int i = 0; i < points.Length; i++)
        {
            double height = most > 0 ? value(points[i]) / most * (ChartHeight - 2) : 0;
            line.Append(CultureInfo.InvariantCulture, $"{History.Most - points.Length + i},{ChartHeight - 1 - height:0.#} ");
        }

        string shown = Number(most) + unit;
        _html.Append("<section><h2>"u8).Append(title).Append("</h2><svg role=\"img\" aria-label=\""u8).Append(title).Append(", at most "u8).Append(shown)
            .Append("\" viewBox=\"0 0 "u8).Append(History.Most).Append(' ').Append(ChartHeight).Append("\" preserveAspectRatio=\"none\">"u8);
        if (points.Length > 1)
        {
            _html.Append("<polygon points=\""u8).Append(History.Most - points.Length).Append(',').Append(ChartHeight).Append(' ').Append(line)
                .Append(History.Most - 1).Append(',').Append(ChartHeight).Append("\"/><polyline points=\""u8).Append(line).Append("\"/>");
        }

        _html.Append("</svg><div class=\"scale\"><span>10 min ago</span><span>at most "u8).Append(shown).Append("</span><span>now</span></div></section>\n"u8);
    }

    private void Statuses(CounterSum sum)
    {
        long[] counts = new long[ThreadCounters.Statuses];
        foreach (RequestCount requests in sum.Requests)
        {
            counts[requests.Status - ThreadCounters.FirstStatus] += requests.Count;
        }

        // The most frequent first.
        var rows = new List<NamedCount>();
        while (rows.Count < MostStatuses)
        {
            int most = 0;
            for (int i = 1; i < counts.Length; i++)
            {
                most = counts[i] > counts[most] ? i : most;
            }

            if (counts[most] == 0)
            {
                break;
            }

            rows.Add(new NamedCount(Encoding.ASCII.GetString(StatusLine.CodeAndReason(most + ThreadCounters.FirstStatus)), counts[most]));
            counts[most] = 0;
        }

        Table("Statuses"u8, [.. rows]);
    }

    private void Table(ReadOnlySpan<byte> title, NamedCount[] rows)
    {
        BeginTable(title);
        foreach (NamedCount row in rows)
        {
            Row(Encoding.UTF8.GetBytes(row.Name.Replace('_', ' ')), Number(row.Count));
        }

        _html.Append("</table></section>\n"u8);
    }

    private void BeginTable(ReadOnlySpan<byte> title) => _html.Append("<section><h2>"u8).Append(title).Append("</h2><table>"u8);

    private void Row(ReadOnlySpan<byte> name, string value) =>
        _html.Append("<tr><th scope=\"row\">"u8).Append(name).Append("</th><td>"u8).Append(value).Append("</td></tr>"u8);

    private void List(ReadOnlySpan<byte> title, string[] rows)
    {
        _html.Append("<section><h2>"u8).Append(title).Append("</h2><ul>"u8);
        foreach (string row in rows)
        {
            _html.Append("<li>").Append(Encode(row)).Append("</li>");
        }

        _html.Append("</ul></section>\n"u8);
    }
}
