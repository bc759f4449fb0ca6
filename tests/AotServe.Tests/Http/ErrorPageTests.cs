using System;
using System.Collections.Generic;
using System.Linq;
using System.Xml.Linq;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class ErrorPageTests
{
    private readonly OutputBuffer _output = new(4096);
    private readonly Response _response;

    public ErrorPageTests()
    {
        _response = new Response(_output);
        _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
    }

    [Fact]
    public void Every_rejection_has_a_page_that_says_why_and_closes()
    {
        foreach (Rejection rejection in Enum.GetValues<Rejection>().Where(r => r != Rejection.None))
        {
            _output.Truncate(0);
            _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
            ErrorPage.Write(_response, rejection);
            (string head, XElement page) = Read();
            string status = Text(StatusLine.CodeAndReason(rejection.Status()));
            Assert.StartsWith($"HTTP/1.1 {status}\r\n", head);
            Assert.EndsWith("\r\nConnection: close", head);
            Assert.False(_response.KeepAlive);
            Assert.Equal(status, Element(page, "title"));
            Assert.Equal(status, Element(page, "h1"));
            Assert.Matches("^[A-Z].+[^.]\\.$", Element(page, "p"));
        }
    }

    [Fact]
    public void A_page_keeps_the_connection_and_has_no_paragraph_without_a_detail()
    {
        ErrorPage.Write(_response, 404);
        (string head, XElement page) = Read();
        Assert.Contains("\r\nContent-Type: text/html; charset=utf-8\r\n", head);
        Assert.DoesNotContain("Connection:", head);
        Assert.Empty(page.Descendants("p"));
        Assert.Contains("color-scheme: light dark", Element(page, "style"));
        Assert.Equal("404 Not Found", Element(page, "h1"));
    }

    [Fact]
    public void A_detail_is_escaped()
    {
        const string Detail = "<script>\"&amp;'</script>";
        ErrorPage.Write(_response, 400, Bytes(Detail));
        Assert.DoesNotContain("<script", Text(_output.Written));
        Assert.Equal(Detail, Element(Read().Page, "p"));
    }

    [Theory]
    [InlineData(170)]
    [InlineData(171)]
    [InlineData(5000)]
    public void A_detail_may_be_long(int length)
    {
        ErrorPage.Write(_response, 400, Bytes(new string('"', length)));
        Assert.Equal(new string('"', length), Element(Read().Page, "p"));
    }

    [Fact]
    public void The_page_for_405_names_the_methods_that_work()
    {
        ErrorPage.WriteNotAllowed(_response, "GET, HEAD"u8);
        (string head, XElement page) = Read();
        Assert.StartsWith("HTTP/1.1 405 Method Not Allowed\r\n", head);
        Assert.Contains("\r\nAllow: GET, HEAD\r\n", head);
        Assert.Equal("405 Method Not Allowed", Element(page, "title"));
    }

    [Fact]
    public void HEAD_gets_the_same_head_and_no_page()
    {
        ErrorPage.Write(_response, 404);
        string whole = Text(_output.Written);
        _output.Truncate(0);
        _response.Reset(isHeadRequest: true, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        ErrorPage.Write(_response, 404);
        Assert.Equal(whole[..(whole.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)], Text(_output.Written));
    }

    /// <summary>Takes head and page apart; the page is XML once the elements that have no end are closed.</summary>
    private (string Head, XElement Page) Read()
    {
        string[] parts = Text(_output.Written).Split("\r\n\r\n", 2);
        Assert.Contains($"\r\nContent-Length: {parts[1].Length}\r\n", parts[0] + "\r\n");
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">\n", parts[1]);
        IEnumerable<string> lines = parts[1].Split('\n').Skip(1).Select(l => (l.StartsWith("<meta") || l.StartsWith("<link")) ? l[..^1] + "/>" : l);
        return (parts[0], XElement.Parse(string.Join('\n', lines)));
    }

    private static string Element(XElement page, string name) => page.Descendants(name).Single().Value;
}
