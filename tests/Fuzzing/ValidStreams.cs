using System.Linq;

namespace AotServe.Fuzzing;

/// <summary>
/// Requests that RFC 9110 and RFC 9112 allow, alone and in a row. Most ask for <c>/echo</c>, which tells in its answer
/// what the server took for the content.
/// </summary>
internal static class ValidStreams
{
    private const string Get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";

    private const string Chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    public static readonly WireStream[] All =
    [
        new("a GET", Get),
        new("a GET of a page", "GET / HTTP/1.1\r\nHost: 127.0.0.1:7878\r\nAccept: text/html, */*;q=0.8\r\n\r\n"),
        new("a HEAD", "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a HEAD with content", "HEAD /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + Get),
        new("a GET with content", "GET /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc" + Get),
        new("what is not found", "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a query", "GET /echo?a=b&c=%20? HTTP/1.1\r\nHost: a\r\n\r\n"),
        new("a method of its own", "BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("all of a browser's fields", "GET /echo HTTP/1.1\r\nHost: www.example.com\r\nConnection: keep-alive\r\n"
            + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)\r\n"
            + "Accept-Encoding: gzip, deflate, br\r\nCookie: session=0123456789abcdef; theme=dark\r\n\r\n" + Get),
        new("a PUT with content", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + Get),
        new("Content-Length", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + Get),
        new("Content-Length 0", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n" + Get),
        new("content that looks like a request",
            $"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {Get.Length}\r\n\r\n{Get}" + Get),
        new("one chunk", Chunked + "5\r\nhello\r\n0\r\n\r\n" + Get),
        new("many chunks", Chunked + "1\r\na\r\n2\r\nbc\r\nA\r\n0123456789\r\n00b\r\n0123456789a\r\n0\r\n\r\n" + Get),
        new("no chunk", Chunked + "0\r\n\r\n" + Get),
        new("a last chunk of many zeros", Chunked + "1\r\na\r\n00000\r\n\r\n" + Get),
        new("chunk extensions", Chunked + "5;a=b\r\nhello\r\n1 ; c ;d=\"e\\\"f\"\r\nx\r\n0;last\r\n\r\n" + Get),
        new("trailers", Chunked + "5\r\nhello\r\n0\r\nDigest: x\r\nOther:\ty \r\n\r\n" + Get),
        new("a trailer that would frame", Chunked + "1\r\na\r\n0\r\nContent-Length: 30\r\n\r\n" + Get),
        new("chunks that look like a request", Chunked + $"{Get.Length:X}\r\n{Get}\r\n0\r\n\r\n" + Get),
        new("Chunked in another case", "POST /echo HTTP/1.1\r\nHost: a\r\nTRANSFER-encoding:\t Chunked \r\n\r\n0\r\n\r\n" + Get),
        new("Expect", "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello" + Get),
        new("Expect with chunks", "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n" + Get),
        new("Expect without content", "GET /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n" + Get),
        new("Expect where no content is wanted",
            "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"),
        new("Connection: close", "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + Get),
        new("close among other options", "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: x,, Close\r\n\r\n" + Get),
        new("HTTP/1.0", "GET /echo HTTP/1.0\r\n\r\n" + Get),
        new("HTTP/1.0 that persists", "GET /echo HTTP/1.0\r\nHost: a\r\nConnection: Keep-Alive\r\n\r\n" + Get),
        new("HTTP/1.0 with content",
            "POST /echo HTTP/1.0\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello" + Get),
        new("a POST of HTTP/1.0 without a length", "POST /echo HTTP/1.0\r\n\r\n"),
        new("HTTP/1.0 with Expect", "POST /echo HTTP/1.0\r\nContent-Length: 5\r\nExpect: x\r\n\r\nhello"),
        new("HTTP/1.2", "GET /echo HTTP/1.2\r\nHost: a\r\n\r\n" + Get),
        new("an absolute form", "GET http://a/echo HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("an absolute form and another Host", "GET http://a:80/echo?q HTTP/1.1\r\nHost: b\r\n\r\n" + Get),
        new("an absolute form without a path", "GET http://a HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("OPTIONS with content", "OPTIONS * HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx" + Get),
        new("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n" + Get),
        new("an IPv6 Host", "GET /echo HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n" + Get),
        new("an IPv6 Host of zeros", "GET /echo HTTP/1.1\r\nHost: [::]\r\n\r\n" + Get),
        new("an empty line before a request", "\r\n" + Get + "\r\n" + Get),
        new("obs-text", "GET /echo HTTP/1.1\r\nHost: a\r\nX: caf\u00e9 \u00ff\r\n\r\n" + Get),
        new("empty values and whitespace around values", "GET /echo HTTP/1.1\r\nHost: \ta\t \r\nX:\r\nY: \t\r\n\r\n" + Get),
        new("a path with a percent-encoding", "GET /%65cho HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a path with a broken percent-encoding", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a path with an encoded NUL", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a path with dot segments", "GET /../a/./../echo HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("many in a row", string.Concat(Enumerable.Range(0, 12).Select(
            i => $"POST /echo?{i} HTTP/1.1\r\nHost: a\r\nContent-Length: {i}\r\n\r\n{new string((char)('a' + i), i)}"))),
        new("all kinds in a row", "HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n" + Chunked + "3\r\nabc\r\n0\r\n\r\n"
            + "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" + "OPTIONS / HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a large body", "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 40000\r\n\r\n" + new string('x', 40_000) + Get),
        new("a long target", "GET /echo?" + new string('q', 8000) + " HTTP/1.1\r\nHost: a\r\n\r\n" + Get),
        new("a long field", "GET /echo HTTP/1.1\r\nHost: a\r\nX: " + new string('v', 30_000) + "\r\n\r\n" + Get),
    ];
}
