using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.Http;
using AotServe.Observation;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>The status page, of figures that are made up.</summary>
public sealed class StatusPageTests
{
    [Fact]
    public void With_no_figures_there_is_a_page_without_lines()
    {
        string page = Page(MadeUp.Nothing, new CounterSum(), []);
        Assert.Contains("<p>Running for 0 s.</p>", page);
        Assert.Contains("<b>–</b><span>of memory</span>", page);
        Assert.Contains("<b>–</b><span>from the cache</span>", page);
        Assert.Contains("<pre>none</pre>", page);
        Assert.DoesNotContain("<polyline", page);
        AssertWellFormed(page);
        AssertWellFormed(Page(MadeUp.Nothing, new CounterSum(), [new HistoryPoint(1, 1)]));
    }

    [Fact]
    public void Large_figures_stay_readable()
    {
        const long Tera = 1L << 40;
        var sum = new CounterSum { ResponseBytes = 5 * Tera };
        sum.Add(RequestMethod.Get, 200, 1_234_567_890_123);
        string page = Page(MadeUp.Figures(600L << 30), sum, [new HistoryPoint(1e9, 10_000), new HistoryPoint(123_456.7, 0.05)]);
        Assert.Contains("<b>123,457</b><span>requests a second</span>", page);
        Assert.Contains("<b>1,234,567,890,123</b><span>requests</span>", page);
        Assert.Contains("<b>5.0 TiB</b><span>sent</span>", page);
        Assert.Contains("<b>600 GiB</b><span>of memory</span>", page);
        Assert.Contains("<b>50.0 %</b><span>from the cache</span>", page);
        Assert.Contains(", at most 1,000,000,000\"", page);
        Assert.Contains(", at most 10,000 ms\"", page);
        Assert.Contains(", in place of another (SIGUSR2).", page);
        AssertWellFormed(page);
    }

    [Theory]
    [InlineData(59, "59 s")]
    [InlineData(61, "1 min 1 s")]
    [InlineData(3_661, "1 h 1 min")]
    [InlineData(90_000, "1 d 1 h")]
    [InlineData(86_400L * 4_000, "4000 d 0 h")]
    public void How_long_it_runs_has_two_units(long seconds, string text) =>
        Assert.Contains($"<p>Running for {text}", Page(MadeUp.Figures(seconds), new CounterSum(), []));

    [Fact]
    public void Ten_minutes_fill_the_charts_from_one_side_to_the_other()
    {
        HistoryPoint[] points = [.. Enumerable.Range(0, 600).Select(i => new HistoryPoint(i, 0))];
        string page = Page(MadeUp.Nothing, new CounterSum(), points);
        MatchCollection lines = Regex.Matches(page, "<polyline points=\"([^\"]*)\"");
        Assert.Equal(2, lines.Count);
        string[] requests = lines[0].Groups[1].Value.TrimEnd().Split(' ');
        string[] times = lines[1].Groups[1].Value.TrimEnd().Split(' ');
        Assert.Equal((600, "0,99", "599,1"), (requests.Length, requests[0], requests[^1]));
        Assert.Equal((600, "0,99", "599,99"), (times.Length, times[0], times[^1]));
        AssertWellFormed(page);
    }

    [Fact]
    public void The_most_frequent_statuses_come_first_and_are_twelve_at_most()
    {
        var sum = new CounterSum();
        for (int status = 200; status < 220; status++)
        {
            sum.Add(RequestMethod.Get, status, status);
            sum.Add(RequestMethod.Head, status, 1_000);
        }

        string table = Page(MadeUp.Nothing, sum, []).Split("<h2>Statuses</h2>")[1].Split("</section>")[0];
        Assert.Equal(
            Enumerable.Range(0, 12).Select(i => $"1,{219 - i}"),
            Regex.Matches(table, "<td>([^<]*)</td>").Select(match => match.Groups[1].Value));
    }

    [Fact]
    public void What_others_wrote_is_text()
    {
        string page = Page(MadeUp.Figures(1, ["<img src=x>", "a & b"]), new CounterSum(), [], "<b>title</b>", "serves <i>\"x\"</i>");
        Assert.Contains("<h1>&lt;b&gt;title&lt;/b&gt;</h1><p>serves &lt;i&gt;&quot;x&quot;&lt;/i&gt;</p>", page);
        Assert.Contains("<li>&lt;img src=x&gt;</li><li>a &amp; b</li>", page);
        Assert.Contains("<pre>&lt;img src=x&gt;\na &amp; b</pre>", page);
        AssertWellFormed(page);
    }

    private static string Page(ServerFigures figures, CounterSum sum, HistoryPoint[] points, string title = "AotServe", string serves = "Serving") =>
        Encoding.UTF8.GetString(new StatusPage().Write(title, serves, figures, sum, points));

    /// <summary>Fails unless all tags of the content are closed in their order, and no number is none.</summary>
    private static void AssertWellFormed(string page)
    {
        string content = page[page.IndexOf("<main>")..(page.IndexOf("</main>") + "</main>".Length)];
        System.Xml.Linq.XElement.Parse(content);
        Assert.DoesNotContain("NaN", content);
        Assert.DoesNotContain("∞", content);
        Assert.DoesNotContain("Infinity", content);
    }
}
