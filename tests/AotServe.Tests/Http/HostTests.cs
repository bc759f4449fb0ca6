using System;
using System.Net;
using AotServe.Http;
using FsCheck;
using FsCheck.Fluent;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class HostTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("localhost:7878")]
    [InlineData("www.example.com.")]
    [InlineData("127.0.0.1:0")]
    [InlineData("a:")]
    [InlineData("a:65535")]
    [InlineData("a:00080")]
    [InlineData("a%20b")]
    [InlineData("-._~!$&'()*+,;=")]
    [InlineData("[::]")]
    [InlineData("[::1]:80")]
    [InlineData("[1:2:3:4:5:6:7:8]")]
    [InlineData("[1::8]:")]
    [InlineData("[1:2:3:4:5:6:7::]")]
    [InlineData("[::2:3:4:5:6:7:8]")]
    [InlineData("[fe80::ABCD:abcd]")]
    [InlineData("[::ffff:192.0.2.1]")]
    [InlineData("[1:2:3:4:5:6:255.255.255.255]")]
    [InlineData("[1:2:3:4:5::0.0.0.0]")]
    [InlineData("[v1.a:b]")]
    [InlineData("[VF.~]")]
    public void A_host_with_an_optional_port_is_taken(string host)
    {
        RequestHead head = Accept($"GET / HTTP/1.1\r\nhOST: {host}\r\n\r\n");
        Assert.Equal(host, Text(head.Authority));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a/")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a\\b")]
    [InlineData("u@a")]
    [InlineData("http://a")]
    [InlineData("\"a\"")]
    [InlineData("<a>")]
    [InlineData("é")]
    [InlineData("a, b")]
    [InlineData(":80")]
    [InlineData(":")]
    [InlineData("a:b")]
    [InlineData("a:-1")]
    [InlineData("a:+1")]
    [InlineData("a:8 0")]
    [InlineData("a:80:80")]
    [InlineData("a:65536")]
    [InlineData("a:99999999999999999999")]
    [InlineData("a%")]
    [InlineData("a%2")]
    [InlineData("a%2g")]
    [InlineData("::1")]
    [InlineData("[]")]
    [InlineData("[")]
    [InlineData("[::1")]
    [InlineData("[::1]a")]
    [InlineData("[::1]]")]
    [InlineData("[:]")]
    [InlineData("[:::]")]
    [InlineData("[1]")]
    [InlineData("[1:2:3:4:5:6:7]")]
    [InlineData("[1:2:3:4:5:6:7:]")]
    [InlineData("[:2:3:4:5:6:7:8]")]
    [InlineData("[1:2:3:4:5:6:7:8:9]")]
    [InlineData("[1:2:3:4:5:6:7:8::]")]
    [InlineData("[1::2::3]")]
    [InlineData("[12345::]")]
    [InlineData("[g::]")]
    [InlineData("[fe80::1%25eth0]")]
    [InlineData("[::1.2.3]")]
    [InlineData("[::1.2.3.4.5]")]
    [InlineData("[::1.2.3.256]")]
    [InlineData("[::1.2.3.04]")]
    [InlineData("[::1.2.3.]")]
    [InlineData("[::1.2.3.4:5]")]
    [InlineData("[1:2:3:4:5:6:7:1.2.3.4]")]
    [InlineData("[1:2:3:4:5:6::1.2.3.4]")]
    [InlineData("[1.2.3.4]")]
    [InlineData("[v.a]")]
    [InlineData("[v1.]")]
    [InlineData("[v1a]")]
    [InlineData("[v1.a@]")]
    public void Anything_else_is_refused(string host) =>
        Refuse($"GET / HTTP/1.1\r\nHost: {host}\r\n", Rejection.BadHost, 400);

    [Fact]
    public void HTTP_1_1_needs_exactly_one_host_and_HTTP_1_0_none()
    {
        Refuse("GET / HTTP/1.1\r\n\r\n", Rejection.MissingHost, 400);
        Refuse("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n", Rejection.RepeatedHost, 400);
        Refuse("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n", Rejection.RepeatedHost, 400);
        Refuse("GET / HTTP/1.0\r\nHost: /\r\n", Rejection.BadHost, 400);
        Assert.True(Accept("GET / HTTP/1.0\r\n\r\n").Authority.IsEmpty);
    }

    [Fact]
    public void Every_IPv6_address_as_NET_writes_it_is_taken()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<ushort[]>().Filter(groups => groups.Length >= 8), groups =>
        {
            byte[] address = new byte[16];
            for (int i = 0; i < 8; i++)
            {
                // Every second group is often zero, so that addresses get compressed.
                ushort group = (groups[i] & 3) == 0 ? (ushort)0 : groups[i];
                address[2 * i] = (byte)(group >> 8);
                address[2 * i + 1] = (byte)group;
            }

            return Authority.IsValid(Bytes($"[{new IPAddress(address)}]"));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_is_taken_as_IPv6_is_an_address_to_NET_too()
    {
        var random = new Random(7);
        const string Alphabet = "::::::01af.2";
        Span<char> text = stackalloc char[40];
        int taken = 0;
        for (int i = 0; i < 200_000; i++)
        {
            Span<char> host = text[..random.Next(2, 16)];
            random.GetItems(Alphabet, host);
            string address = new(host);
            if (!Authority.IsValid(Bytes($"[{address}]")))
            {
                continue;
            }

            taken++;
            Assert.True(IPAddress.TryParse(address, out _), address);
        }

        Assert.True(taken > 100);
    }
}
