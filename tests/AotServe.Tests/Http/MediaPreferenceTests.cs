using System.Text;
using AotServe.Http;
using Xunit;

namespace AotServe.Tests.Http;

/// <summary>What Accept says of HTML and of JSON (RFC 9110 §12.5.1).</summary>
public sealed class MediaPreferenceTests
{
    [Theory]
    [InlineData("text/html", 1000, 3)]
    [InlineData("TEXT/Html", 1000, 3)]
    [InlineData("text/html;q=0.5", 500, 3)]
    [InlineData("text/html ; Q=0.125", 125, 3)]
    [InlineData("text/html;level=1;q=0.4", 400, 3)]
    [InlineData("text/html;a=\"x,y;q=0.1\\\"\";q=0.4", 400, 3)]
    [InlineData("text/*", 1000, 2)]
    [InlineData("*/*", 1000, 1)]
    [InlineData("*/*;q=0.1, text/*;q=0.2, text/html;q=0.3", 300, 3)]
    [InlineData("text/html;q=0.3,*/*;q=0.1,text/*;q=0.2", 300, 3)]
    [InlineData("text/html;q=0, */*", 0, 3)]
    [InlineData("text/html;q=1.000", 1000, 3)]
    [InlineData("application/json", 0, 0)]
    [InlineData("text/htmlx, xtext/html, text, /html, *", 0, 0)]
    [InlineData("text/html;q=2", 0, 0)]
    [InlineData("text/html;q=1.001", 0, 0)]
    [InlineData("text/html;q=", 0, 0)]
    [InlineData("text/html;q=0.1234", 0, 0)]
    [InlineData("text/html;q=-1", 0, 0)]
    [InlineData("text/html;q=x, text/*;q=0.2", 200, 2)]
    [InlineData("", 0, 0)]
    [InlineData(" ,, text/html ,,", 1000, 3)]
    public void The_most_specific_range_decides(string accept, int quality, int specificity) =>
        Assert.Equal(new MediaPreference(quality, specificity), Html($"Accept: {accept}"));

    [Fact]
    public void Without_Accept_everything_is_as_good_but_nothing_is_asked_for()
    {
        Assert.Equal(new MediaPreference(1000, 1), Html("X: y"));
        Assert.False(Html("X: y").IsAskedFor);
    }

    [Fact]
    public void Several_lines_are_one_list()
    {
        Assert.Equal(new MediaPreference(700, 3), Html("Accept: */*", "Accept: text/html;q=0.7"));
        Assert.Equal(new MediaPreference(700, 3), Html("Accept: text/html;q=0.7", "Accept: */*"));
    }

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("text/*;q=0.1", true)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", true)]
    [InlineData("*/*", false)]
    [InlineData("text/html;q=0, */*", false)]
    [InlineData("application/json", false)]
    public void Asked_for_is_what_is_named_and_acceptable(string accept, bool isAskedFor) =>
        Assert.Equal(isAskedFor, Html($"Accept: {accept}").IsAskedFor);

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("application/json, text/plain, */*", true)]
    [InlineData("application/*", true)]
    [InlineData("application/json;q=0.9, text/html;q=0.8", true)]
    [InlineData("application/json;q=0.8, text/html;q=0.9", false)]
    [InlineData("application/json, text/html", false)]
    [InlineData("*/*", false)]
    [InlineData("image/png", false)]
    [InlineData("application/json;q=0", false)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false)]
    public void JSON_is_better_where_it_weighs_more_or_is_named_more_exactly(string accept, bool isBetter)
    {
        RequestHead head = Head($"Accept: {accept}");
        var json = MediaPreference.Of(head, "application"u8, "json"u8);
        Assert.Equal(isBetter, json.IsBetterThan(MediaPreference.Of(head, "text"u8, "html"u8)));
    }

    private static MediaPreference Html(params string[] lines) => MediaPreference.Of(Head(lines), "text"u8, "html"u8);

    private static RequestHead Head(params string[] lines)
    {
        byte[] request = Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: x\r\n{string.Join("\r\n", lines)}\r\n\r\n");
        var head = new RequestHead();
        Assert.Equal(ParseStatus.Complete, RequestParser.Parse(request, 0, request.Length, head));
        return head;
    }
}
