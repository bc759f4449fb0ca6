using System;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class RequestLineTests
{
    private const string Fields = "\r\nHost: a\r\n\r\n";

    [Theory]
    [InlineData("GET", nameof(RequestMethod.Get))]
    [InlineData("HEAD", nameof(RequestMethod.Head))]
    [InlineData("POST", nameof(RequestMethod.Post))]
    [InlineData("PUT", nameof(RequestMethod.Put))]
    [InlineData("DELETE", nameof(RequestMethod.Delete))]
    [InlineData("OPTIONS", nameof(RequestMethod.Options))]
    [InlineData("TRACE", nameof(RequestMethod.Trace))]
    [InlineData("PATCH", nameof(RequestMethod.Patch))]
    [InlineData("get", nameof(RequestMethod.Other))]
    [InlineData("GETT", nameof(RequestMethod.Other))]
    [InlineData("HAVE", nameof(RequestMethod.Other))]
    [InlineData("!#$%&'*+-.^_`|~09azAZ", nameof(RequestMethod.Other))]
    public void A_method_is_any_token_and_case_matters(string token, string method)
    {
        RequestHead head = Accept($"{token} / HTTP/1.1{Fields}");
        Assert.Equal(Enum.Parse<RequestMethod>(method), head.Method);
        Assert.Equal(token, Text(head.MethodToken));
    }

    [Theory]
    [InlineData("HEAD /")]
    [InlineData("HEAD / HTTP/2.0\r\n")]
    [InlineData("HEAD /# HTTP/1.1\r\n")]
    [InlineData("HEAD /\0")]
    [InlineData("HEAD / HTTP/1.1\r\nHost")]
    public void The_method_is_known_whatever_else_is_wrong_or_missing(string request) =>
        Assert.Equal(RequestMethod.Head, Parse(request).Head.Method);

    [Theory]
    [InlineData(" GET / HTTP/1.1")]
    [InlineData("\tGET / HTTP/1.1")]
    [InlineData("GET\t/ HTTP/1.1")]
    [InlineData("G\0T / HTTP/1.1")]
    [InlineData("G(T / HTTP/1.1")]
    [InlineData("GÉT / HTTP/1.1")]
    [InlineData("GET:/ HTTP/1.1")]
    [InlineData("GET")]
    [InlineData("\n")]
    [InlineData("\r\n\r\nGET / HTTP/1.1")]
    public void What_is_no_method_and_one_space_is_refused(string line) =>
        Refuse(line + Fields, Rejection.BadMethod, 400);

    [Fact]
    public void Every_byte_that_no_method_begins_with_is_refused_at_once()
    {
        const string Token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        for (int value = 0; value < 256; value++)
        {
            (ParseStatus status, _) = Parse(((char)value).ToString());
            bool open = Token.Contains((char)value) || value == '\r';
            Assert.Equal(open ? ParseStatus.Incomplete : ParseStatus.Rejected, status);
        }
    }

    [Fact]
    public void Every_byte_outside_visible_ASCII_is_refused_in_a_target_before_its_line_ends()
    {
        for (int value = 0; value < 256; value++)
        {
            (ParseStatus status, RequestHead head) = Parse("GET /a" + (char)value);
            bool open = value is >= 0x20 and < 0x7F;
            Assert.Equal(open ? ParseStatus.Incomplete : ParseStatus.Rejected, status);
            Assert.Equal(open ? Rejection.None : Rejection.BadTarget, head.Rejection);
        }
    }

    [Theory]
    [InlineData("/", "/", "")]
    [InlineData("//", "//", "")]
    [InlineData("/a/b%20c", "/a/b%20c", "")]
    [InlineData("/a?", "/a", "")]
    [InlineData("/a?b=c?d/e", "/a", "b=c?d/e")]
    [InlineData("/?q", "/", "q")]
    [InlineData("/%zz%", "/%zz%", "")]
    [InlineData("/<>\"{}|^`[]", "/<>\"{}|^`[]", "")]
    [InlineData("/a?b\\c", "/a", "b\\c")]
    [InlineData("/http://x/", "/http://x/", "")]
    public void An_origin_form_has_a_path_and_a_query(string target, string path, string query)
    {
        RequestHead head = Accept($"GET {target} HTTP/1.1{Fields}");
        Assert.Equal((TargetForm.Origin, target), (head.Form, Text(head.Target)));
        Assert.Equal((path, query, "a"), (Text(head.Path), Text(head.Query), Text(head.Authority)));
    }

    [Theory]
    [InlineData("http://b", "b", "/", "")]
    [InlineData("http://b/", "b", "/", "")]
    [InlineData("HTTP://b:80?x", "b:80", "/", "x")]
    [InlineData("hTTps://[::1]:8443/p/q?x/y", "[::1]:8443", "/p/q", "x/y")]
    [InlineData("http://b//c", "b", "//c", "")]
    public void An_absolute_form_has_an_authority_that_takes_the_place_of_the_host(
        string target, string authority, string path, string query)
    {
        RequestHead head = Accept($"GET {target} HTTP/1.1{Fields}");
        Assert.Equal((TargetForm.Absolute, authority), (head.Form, Text(head.Authority)));
        Assert.Equal((path, query), (Text(head.Path), Text(head.Query)));
    }

    [Fact]
    public void An_absolute_form_does_not_excuse_a_missing_or_bad_host()
    {
        Refuse("GET http://b/ HTTP/1.1\r\n\r\n", Rejection.MissingHost, 400);
        Refuse("GET http://b/ HTTP/1.1\r\nHost: a b\r\n\r\n", Rejection.BadHost, 400);
    }

    [Fact]
    public void CONNECT_has_the_authority_form_and_OPTIONS_may_have_the_asterisk()
    {
        RequestHead connect = Accept("CONNECT b:443 HTTP/1.1" + Fields);
        Assert.Equal((TargetForm.Authority, "b:443", ""), (connect.Form, Text(connect.Authority), Text(connect.Path)));
        RequestHead options = Accept("OPTIONS * HTTP/1.1" + Fields);
        Assert.Equal((TargetForm.Asterisk, "*", "a"), (options.Form, Text(options.Path), Text(options.Authority)));
    }

    [Theory]
    [InlineData("GET", "a")]
    [InlineData("GET", "*")]
    [InlineData("GET", "b:80")]
    [InlineData("GET", "?q")]
    [InlineData("GET", "\\")]
    [InlineData("GET", "/a#b")]
    [InlineData("GET", "/a?b#c")]
    [InlineData("GET", "/#?")]
    [InlineData("GET", "http://b#c")]
    [InlineData("GET", "http://b/#c")]
    [InlineData("GET", "http://")]
    [InlineData("GET", "http:///a")]
    [InlineData("GET", "http://:80/")]
    [InlineData("GET", "http://u@b/")]
    [InlineData("GET", "http://u:p@b/")]
    [InlineData("GET", "http://b:x/")]
    [InlineData("GET", "http://b\\c/")]
    [InlineData("GET", "http:/b")]
    [InlineData("GET", "ftp://b/")]
    [InlineData("OPTIONS", "**")]
    [InlineData("OPTIONS", "*/")]
    [InlineData("CONNECT", "/")]
    [InlineData("CONNECT", "*")]
    [InlineData("CONNECT", "b")]
    [InlineData("CONNECT", "b:")]
    [InlineData("CONNECT", ":443")]
    [InlineData("CONNECT", "b:65536")]
    [InlineData("CONNECT", "http://b:443")]
    public void A_target_of_a_form_that_its_method_does_not_have_is_refused(string method, string target) =>
        Refuse($"{method} {target} HTTP/1.1{Fields}", Rejection.BadTarget, 400);

    [Theory]
    [InlineData("GET  / HTTP/1.1")]
    [InlineData("GET  HTTP/1.1")]
    [InlineData("GET /\tHTTP/1.1")]
    [InlineData("GET /")]
    [InlineData("GET /\r HTTP/1.1")]
    public void Exactly_one_space_stands_around_a_target(string line) =>
        Refuse(line + Fields, Rejection.BadTarget, 400);

    [Theory]
    [InlineData("HTTP/1.0", 0)]
    [InlineData("HTTP/1.1", 1)]
    [InlineData("HTTP/1.2", 1)]
    [InlineData("HTTP/1.9", 1)]
    public void Any_minor_version_of_HTTP_1_is_taken(string version, int minor) =>
        Assert.Equal(minor, Accept($"GET / {version}{Fields}").MinorVersion);

    [Theory]
    [InlineData("GET / HTTP/0.9")]
    [InlineData("GET / HTTP/2.0")]
    [InlineData("GET / HTTP/3.0")]
    [InlineData("PRI * HTTP/2.0")]
    public void Another_major_version_is_505_as_soon_as_its_line_is_there(string line)
    {
        NeedMore(line + "\r");
        Refuse(line + "\r\n", Rejection.UnsupportedVersion, 505);
    }

    [Theory]
    [InlineData("")]
    [InlineData("http/1.1")]
    [InlineData("HTTP/1")]
    [InlineData("HTTP/1.")]
    [InlineData("HTTP/1.10")]
    [InlineData("HTTP/11.1")]
    [InlineData("HTTP/1,1")]
    [InlineData("HTTP/+.1")]
    [InlineData("HTTPS/1.1")]
    [InlineData(" HTTP/1.1")]
    [InlineData("HTTP/1.1 ")]
    [InlineData("HTTP/1.1\t")]
    [InlineData("x HTTP/1.1")]
    public void What_is_no_version_is_refused(string version) =>
        Refuse($"GET / {version}{Fields}", Rejection.BadVersion, 400);

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n")]
    [InlineData("GET / HTTP/1.1\rHost: a\r\r")]
    [InlineData("\rGET / HTTP/1.1\r\n")]
    public void A_bare_CR_or_LF_ends_no_line(string request) => Refuse(request, Rejection.BadLineEnd, 400);

    [Fact]
    public void One_empty_line_before_a_request_is_skipped_and_counted()
    {
        NeedMore("\r");
        NeedMore("\r\n");
        RequestHead head = Accept("\r\nGET /a HTTP/1.1" + Fields);
        Assert.Equal(("/a", "a"), (Text(head.Path), Text(head.FieldValue(0))));
    }

    [Theory]
    [InlineData("GET /", " HTTP/1.1")]
    [InlineData("\r\nGET /", " HTTP/1.1")]
    public void A_request_line_of_8_KiB_is_taken_and_a_longer_one_is_414_before_it_ends(string before, string after)
    {
        int room = HttpLimits.RequestLine - before.TrimStart().Length - after.Length;
        Accept(before + new string('a', room) + after + Fields);
        Refuse(before + new string('a', room + 1) + after + Fields, Rejection.RequestLineTooLong, 414);
        NeedMore(before + new string('a', room + after.Length - 1));
        Refuse(before + new string('a', room + after.Length), Rejection.RequestLineTooLong, 414);
    }

    [Fact]
    public void A_method_without_an_end_is_501_and_garbage_in_a_long_line_is_400()
    {
        Refuse(new string('A', 9000), Rejection.MethodTooLong, 501);
        Refuse(new string('A', 4000) + " /" + new string('a', 9000), Rejection.MethodTooLong, 501);
        Refuse("UPDATEREDIRECTREF /" + new string('a', 9000), Rejection.RequestLineTooLong, 414);
        Refuse("GET /a\\b HTTP/1.1" + Fields, Rejection.BadTarget, 400);
        Refuse("GET http://a/b\\c HTTP/1.1" + Fields, Rejection.BadTarget, 400);
        Refuse("\x16\x03\x01" + new string('A', 9000), Rejection.BadMethod, 400);
        Refuse("GET /\x01" + new string('A', 9000), Rejection.BadTarget, 400);
    }
}
