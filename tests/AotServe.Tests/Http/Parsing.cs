using System;
using System.Text;
using AotServe.Http;
using Xunit;

namespace AotServe.Tests.Http;

/// <summary>Requests as text, one byte a character (Latin-1), and what the parser says of them.</summary>
internal static class Parsing
{
    /// <summary>Parses text that is expected to be a whole head.</summary>
    public static RequestHead Accept(string request)
    {
        (ParseStatus status, RequestHead head) = Parse(request);
        Assert.Equal((ParseStatus.Complete, Rejection.None), (status, head.Rejection));
        Assert.Equal(request.Length, head.Length);
        return head;
    }

    public static void Refuse(string request, Rejection rejection, int status)
    {
        (ParseStatus parsed, RequestHead head) = Parse(request);
        Assert.Equal((ParseStatus.Rejected, rejection), (parsed, head.Rejection));
        Assert.Equal(status, head.Rejection.Status());
    }

    public static void NeedMore(string request) => Assert.Equal(ParseStatus.Incomplete, Parse(request).Status);

    public static (ParseStatus Status, RequestHead Head) Parse(string request)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(request);
        var head = new RequestHead();
        return (RequestParser.Parse(bytes, 0, bytes.Length, head), head);
    }

    public static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
