using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class FramingTests
{
    private const string Start = "POST / HTTP/1.1\r\nHost: a\r\n";

    [Theory]
    [InlineData("", nameof(BodyFraming.None), 0)]
    [InlineData("Content-Length: 0\r\n", nameof(BodyFraming.None), 0)]
    [InlineData("content-LENGTH:5\r\n", nameof(BodyFraming.ContentLength), 5)]
    [InlineData("Content-Length: \t7 \r\n", nameof(BodyFraming.ContentLength), 7)]
    [InlineData("Content-Length: 9223372036854775807\r\n", nameof(BodyFraming.ContentLength), long.MaxValue)]
    [InlineData("Transfer-Encoding: chunked\r\n", nameof(BodyFraming.Chunked), 0)]
    [InlineData("transfer-encoding:\tCHUNKED \r\n", nameof(BodyFraming.Chunked), 0)]
    [InlineData("Content-Lengt: 5\r\nContent-Length-: 5\r\nContent_Length: x\r\n", nameof(BodyFraming.None), 0)]
    public void The_body_is_framed_by_its_length_or_its_chunks(string lines, string framing, long length)
    {
        RequestHead head = Accept(Start + lines + "\r\n");
        Assert.Equal((framing, length), (head.Framing.ToString(), head.ContentLength));
    }

    [Theory]
    [InlineData("")]
    [InlineData("05")]
    [InlineData("00")]
    [InlineData("+5")]
    [InlineData("-5")]
    [InlineData("5 5")]
    [InlineData("5,5")]
    [InlineData("5, 5")]
    [InlineData("5,6")]
    [InlineData("0x5")]
    [InlineData("5.0")]
    [InlineData("5e1")]
    [InlineData("\"5\"")]
    [InlineData("five")]
    [InlineData("²")]
    [InlineData("9223372036854775808")]
    [InlineData("18446744073709551621")]
    [InlineData("99999999999999999999999999")]
    public void A_length_that_is_no_number_is_refused(string value) =>
        Refuse($"{Start}Content-Length: {value}\r\n", Rejection.BadContentLength, 400);

    [Theory]
    [InlineData("5", "5")]
    [InlineData("5", "6")]
    [InlineData("0", "0")]
    public void A_repeated_length_is_refused(string first, string second) =>
        Refuse($"{Start}Content-Length: {first}\r\nContent-Length: {second}\r\n", Rejection.RepeatedContentLength, 400);

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n")]
    [InlineData("Transfer-Encoding: gzip\r\nContent-Length: 5\r\n")]
    public void Both_a_length_and_a_transfer_coding_are_refused(string lines) =>
        Refuse(Start + lines + "\r\n", Rejection.LengthAndTransferEncoding, 400);

    [Fact]
    public void A_transfer_coding_in_HTTP_1_0_is_refused() =>
        Refuse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n", Rejection.TransferEncodingInHttp10, 400);

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("chunked,")]
    [InlineData(", chunked")]
    [InlineData("gzip")]
    [InlineData("identity")]
    [InlineData("xchunked")]
    [InlineData("chunkedx")]
    [InlineData("chunked, gzip")]
    [InlineData("chunked, chunked")]
    [InlineData("gzip, chunked, chunked")]
    [InlineData("chunked;a=b")]
    [InlineData("chunked;")]
    [InlineData("chunked gzip")]
    [InlineData("gzip chunked")]
    [InlineData("\"chunked\"")]
    [InlineData("chunked\"")]
    [InlineData("gzip;, chunked")]
    [InlineData("gzip;q, chunked")]
    [InlineData("gzip;q=, chunked")]
    [InlineData("gzip;=1, chunked")]
    [InlineData("gzip;q=1 2, chunked")]
    [InlineData("gzip;q=\"1, chunked")]
    [InlineData("gzip;q=\"1\\\", chunked")]
    [InlineData("gzip;q=\"1\\")]
    [InlineData("g zip, chunked")]
    [InlineData("g@zip, chunked")]
    [InlineData("é, chunked")]
    public void A_transfer_coding_list_that_is_malformed_or_does_not_end_in_chunked_is_refused(string value) =>
        Refuse($"{Start}Transfer-Encoding: {value}\r\n\r\n", Rejection.BadTransferEncoding, 400);

    [Theory]
    [InlineData("gzip, chunked")]
    [InlineData("gzip,CHUNKED")]
    [InlineData("a\t,b , chunked")]
    [InlineData("gzip;q=1;r=x , chunked")]
    [InlineData("gzip ; q = \"a,\\\"b\" ; r=x, chunked")]
    [InlineData("gzip\r\nTransfer-Encoding: chunked")]
    public void A_well_formed_coding_that_is_not_implemented_is_501(string value) =>
        Refuse($"{Start}Transfer-Encoding: {value}\r\n\r\n", Rejection.UnsupportedTransferCoding, 501);

    [Theory]
    [InlineData("chunked\r\nTransfer-Encoding: chunked")]
    [InlineData("chunked\r\nTransfer-Encoding: gzip")]
    [InlineData("chunked\r\nTransfer-Encoding:")]
    [InlineData("gzip;q=\"a\r\nTransfer-Encoding: b\", chunked")]
    public void Lines_of_transfer_codings_are_one_list(string value) =>
        Refuse($"{Start}Transfer-Encoding: {value}\r\n\r\n", Rejection.BadTransferEncoding, 400);

    [Theory]
    [InlineData("1.1", "", true)]
    [InlineData("1.1", "Connection: close\r\n", false)]
    [InlineData("1.1", "connection:CLOSE\r\n", false)]
    [InlineData("1.1", "Connection: keep-alive\r\n", true)]
    [InlineData("1.1", "Connection: Upgrade, HTTP2-Settings\r\n", true)]
    [InlineData("1.1", "Connection: ,, x ,\tclose ,\r\n", false)]
    [InlineData("1.1", "Connection: close\r\nConnection: keep-alive\r\n", false)]
    [InlineData("1.1", "Connection: keep-alive\r\nConnection: x, close\r\n", false)]
    [InlineData("1.1", "Connection: closed, xclose, clos e\r\n", true)]
    [InlineData("1.1", "Connection:\r\n", true)]
    [InlineData("1.0", "", false)]
    [InlineData("1.0", "Connection: Keep-Alive\r\n", true)]
    [InlineData("1.0", "Connection: keep-alive, close\r\n", false)]
    [InlineData("1.2", "", true)]
    public void Whether_the_connection_persists_is_for_version_and_connection_options_to_say(
        string version, string lines, bool keepAlive) =>
        Assert.Equal(keepAlive, Accept($"GET / HTTP/{version}\r\nHost: a\r\n{lines}\r\n").KeepAlive);

    [Theory]
    [InlineData("1.1", "Expect: 100-Continue\r\nContent-Length: 1\r\n", true)]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\nExpect: , 100-continue\r\n", true)]
    [InlineData("1.1", "Expect: 100-continue\r\n", false)]
    [InlineData("1.1", "Expect:\r\nContent-Length: 1\r\n", false)]
    [InlineData("1.1", "Content-Length: 1\r\n", false)]
    [InlineData("1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n", false)]
    [InlineData("1.0", "Expect: anything\r\nContent-Length: 1\r\n", false)]
    public void A_client_of_HTTP_1_1_with_a_body_may_wait_for_100(string version, string lines, bool waits) =>
        Assert.Equal(waits, Accept($"POST / HTTP/{version}\r\nHost: a\r\n{lines}\r\n").ExpectsContinue);

    [Theory]
    [InlineData("200-ok")]
    [InlineData("100-continue, x")]
    [InlineData("100-continue;q=1")]
    [InlineData("x\r\nExpect: 100-continue")]
    public void Another_expectation_is_417(string value) =>
        Refuse($"{Start}Expect: {value}\r\n\r\n", Rejection.UnsupportedExpectation, 417);

    [Fact]
    public void What_is_malformed_is_never_called_merely_unsupported()
    {
        Refuse(Start + "Expect: x\r\nTransfer-Encoding: gzip\r\n\r\n", Rejection.BadTransferEncoding, 400);
        Refuse("POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Rejection.MissingHost, 400);
    }
}
