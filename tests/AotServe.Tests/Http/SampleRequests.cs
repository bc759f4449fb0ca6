using System.Collections.Generic;
using System.Linq;
using AotServe.Http;

namespace AotServe.Tests.Http;

/// <summary>Heads that are taken and heads that are refused: where properties begin and mutations start from.</summary>
internal static class SampleRequests
{
    public static readonly string[] Accepted =
    [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1:7878\r\n\r\n",
        "\r\nGET /a?b HTTP/1.0\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nhost: a\r\nConnection: close\r\n\r\n",
        "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n",
        "GET HTTP://a.example:80/b/c?d HTTP/1.1\r\nHost: [fe80::1.2.3.4]\r\nAccept:\t*/* \r\nB: é\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n",
        "POST /echo HTTP/1.9\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive, x\r\n\r\n",
        "GET /static/app.js?v=1 HTTP/1.1\r\nHost: www.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) "
            + "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\nAccept: text/html,*/*;q=0.8\r\n"
            + "Accept-Encoding: gzip, deflate, br\r\nCookie: session=0123456789abcdef; theme=dark\r\n\r\n",
    ];

    public static readonly string[] Refused =
    [
        "\rGET / HTTP/1.1\r\n\r\n",
        "G@T / HTTP/1.1\r\n\r\n",
        "GET a HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /\x7F HTTP/9.9\r\n\r\n",
        "GET / HTTP/9.9\r\n\0\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET / HTTP/1.1\nHost: a\n\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n c\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nA: b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip;a=\"b\", chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nExpect: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n" + string.Concat(Enumerable.Repeat("A:\r\n", HttpLimits.FieldLines)) + "\r\n",
    ];

    /// <summary>At the limits: the longest that is taken, and longer ones.</summary>
    public static readonly string[] Long =
    [
        "GET /" + new string('a', HttpLimits.RequestLine - 14) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /" + new string('a', HttpLimits.RequestLine - 13) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /" + new string('a', HttpLimits.RequestLine - 9) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB:" + new string('b', HttpLimits.FieldSection - 13) + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nB:" + new string('b', HttpLimits.FieldSection - 12) + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n" + new string('b', HttpLimits.FieldSection) + "\r\n\r\n",
    ];

    public static IEnumerable<string> All => Accepted.Concat(Refused).Concat(Long);
}
