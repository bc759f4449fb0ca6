using System.Linq;
using System.Net;
using System.Text;
using AotServe.Cli;
using AotServe.Http;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>Who a client is, behind proxies.</summary>
public sealed class TrustedProxiesTests
{
    private static readonly TrustedProxies Proxies = new([.. new[] { "127.0.0.1", "10.0.0.0/8", "2001:db8::/33" }.Select(Range)], trustsUnix: false);

    [Theory]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.0.0.0/8", "::ffff:10.1.2.3", true)]
    [InlineData("10.1.2.128/25", "10.1.2.127", false)]
    [InlineData("10.1.2.128/25", "10.1.2.128", true)]
    [InlineData("0.0.0.0/0", "1.2.3.4", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", true)]
    public void A_range_has_the_addresses_that_share_its_bits(string range, string address, bool expected) =>
        Assert.Equal(expected, Range(range).Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("proxy")]
    [InlineData("[::1]")]
    [InlineData("/8")]
    [InlineData("10.0.0")]
    [InlineData("010.0.0.1")]
    [InlineData("::ffff:10.0.0.0/104")]
    public void What_is_no_range_is_refused(string text) => Assert.False(AddressRangeText.TryParse(text, out _));

    [Theory]
    [InlineData("192.0.2.7", "X-Forwarded-For: 192.0.2.7")]
    [InlineData("192.0.2.7", "X-Forwarded-For: 198.51.100.1, 192.0.2.7, 10.1.1.1")]
    [InlineData("192.0.2.7", "X-Forwarded-For: 198.51.100.1", "X-Forwarded-For: 192.0.2.7,10.1.1.1 , 10.2.2.2")]
    [InlineData("192.0.2.7", "x-forwarded-for: 192.0.2.7:4711")]
    [InlineData("2a00::7", "X-Forwarded-For: [2a00::7]:4711")]
    [InlineData("2a00::7", "X-Forwarded-For: 2a00::7")]
    [InlineData("10.9.9.9", "X-Forwarded-For: 10.9.9.9")]
    [InlineData("192.0.2.7", "Forwarded: for=198.51.100.1, for=192.0.2.7;proto=https, For=\"10.1.1.1:80\"")]
    [InlineData("2a00::7", "Forwarded: proto=https;for=\"[2a00::7]:4711\";by=10.1.1.1")]
    [InlineData("192.0.2.7", "Forwarded: for=192.0.2.7", "X-Forwarded-For: 198.51.100.1")]
    [InlineData("127.0.0.1")]
    // What is no address ends the search, and what a client wrote itself is on the left of it.
    [InlineData("127.0.0.1", "X-Forwarded-For: 192.0.2.7, unknown")]
    [InlineData("10.1.1.1", "X-Forwarded-For: 192.0.2.7, _hidden, 10.1.1.1")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 192.0.2.7,")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 1")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 0x7f.0.0.1x")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 0x7f.0.0.2")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 192.0.2.010")]
    [InlineData("127.0.0.1", "X-Forwarded-For: [[2a00::7]]")]
    [InlineData("127.0.0.1", "X-Forwarded-For: 192.0.2.7:port")]
    [InlineData("127.0.0.1", "X-Forwarded-For: [2a00::7")]
    [InlineData("127.0.0.1", "Forwarded: by=192.0.2.7")]
    [InlineData("127.0.0.1", "Forwarded: ", "X-Forwarded-For: 198.51.100.1")]
    public void The_client_is_the_first_from_the_right_that_is_no_proxy(string client, params string[] fields) =>
        Assert.Equal(client, ClientOf(fields));

    [Fact]
    public void An_endless_chain_is_not_followed()
    {
        string hops = string.Join(",", Enumerable.Range(0, 2_000).Select(_ => "10.1.1.1"));
        Assert.Equal("10.1.1.1", ClientOf("X-Forwarded-For: 192.0.2.7," + hops));
        Assert.Equal("127.0.0.1", ClientOf("X-Forwarded-For: " + new string(',', 20_000)));
        Assert.Equal("127.0.0.1", ClientOf("X-Forwarded-For: " + new string('1', 20_000)));
    }

    private static string ClientOf(params string[] fields)
    {
        var head = new RequestHead();
        byte[] request = Encoding.ASCII.GetBytes(
            "GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(fields.Select(field => field + "\r\n")) + "\r\n");
        Assert.Equal(ParseStatus.Complete, RequestParser.Parse(request, 0, request.Length, head));
        return Proxies.ClientOf(head, IPAddress.Loopback)!.ToString();
    }

    private static AddressRange Range(string text)
    {
        Assert.True(AddressRangeText.TryParse(text, out AddressRange? range), text);
        return range;
    }
}
