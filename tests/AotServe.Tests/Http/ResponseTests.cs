using System;
using System.IO;
using AotServe.Buffers;
using AotServe.Http;
using Microsoft.Win32.SafeHandles;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class ResponseTests
{
    private const string Fields = "Server: aotserve\r\nX-Content-Type-Options: nosniff\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n";

    private readonly OutputBuffer _output = new(16);
    private readonly Response _response;

    public ResponseTests() => _response = new Response(_output);

    [Theory]
    [InlineData(false, 1, true, "\r\nbody")]
    [InlineData(false, 1, false, "Connection: close\r\n\r\nbody")]
    [InlineData(false, 0, true, "Connection: keep-alive\r\n\r\nbody")]
    [InlineData(false, 0, false, "Connection: close\r\n\r\nbody")]
    [InlineData(true, 1, true, "\r\n")]
    public void The_head_says_what_the_client_needs_to_know_and_HEAD_has_no_body(
        bool isHead, int minorVersion, bool keepAlive, string end)
    {
        _response.Reset(isHead, minorVersion, keepAlive, 0);
        Assert.Equal((0, false), (_response.Status, _response.IsComplete));
        _response.Start(200);
        _response.Field("A"u8, "b"u8);
        _response.Field("C"u8, -12);
        _response.DateField("D"u8, 784_111_777);
        _response.EndWithBody("body"u8);
        Assert.Equal((200, true), (_response.Status, _response.IsComplete));
        Assert.Equal(
            $"HTTP/1.1 200 OK\r\n{Fields}A: b\r\nC: -12\r\nD: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            + $"Content-Length: 4\r\n{end}",
            Text(_output.Written));
    }

    [Theory]
    [InlineData(784_111_777)]
    [InlineData(784_111_777 - 86_400)]
    [InlineData(784_111_777 + (400 * 86_400))]
    public void A_clock_that_is_set_back_or_forth_shows_in_the_next_Date(long now)
    {
        foreach (long time in (long[])[784_111_777, now, now])
        {
            _output.Truncate(0);
            _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: time);
            _response.Start(204);
            _response.EndWithoutBody();
            Assert.Contains($"Date: {DateTimeOffset.FromUnixTimeSeconds(time):r}\r\n", Text(_output.Written), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Each_date_is_written_as_what_it_is_whichever_was_written_before()
    {
        foreach (long time in (long[])[0, 784_111_777, 784_111_777, 0])
        {
            _output.Truncate(0);
            _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 1_000_000_000);
            _response.Start(304);
            _response.DateField("Last-Modified"u8, time);
            _response.EndWithoutBody();
            Assert.Contains($"Last-Modified: {DateTimeOffset.FromUnixTimeSeconds(time):r}\r\n", Text(_output.Written), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_answer_without_a_body_has_no_length()
    {
        _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        _response.Start(304);
        _response.EndWithoutBody();
        Assert.Equal($"HTTP/1.1 304 Not Modified\r\n{Fields}\r\n", Text(_output.Written));
    }

    [Fact]
    public void Starting_again_takes_back_this_answer_and_none_before()
    {
        _output.Write("before"u8);
        _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        using SafeFileHandle file = File.OpenHandle(typeof(ResponseTests).Assembly.Location);
        _response.Start(200);
        _response.EndWithFile(file, file, 0, 1);
        _response.Start(204);
        Assert.True(file.IsClosed);
        Assert.Equal((false, false), (_response.HasBody, _response.IsComplete));
        _response.EndWithoutBody();
        Assert.Equal($"beforeHTTP/1.1 204 No Content\r\n{Fields}\r\n", Text(_output.Written));
    }

    [Theory]
    [InlineData(false, 10, true)]
    [InlineData(false, 0, false)]
    [InlineData(true, 10, false)]
    public void A_file_follows_unless_there_is_nothing_to_send(bool isHead, long length, bool follows)
    {
        using SafeFileHandle file = File.OpenHandle(typeof(ResponseTests).Assembly.Location);
        _response.Reset(isHead, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        _response.Start(200);
        _response.EndWithFile(file, file, 5, length);
        Assert.Equal(!follows, file.IsClosed);
        Assert.EndsWith($"Content-Length: {length}\r\n\r\n", Text(_output.Written));
        Assert.Equal(follows, _response.HasBody);
        using ResponseBody body = _response.TakeBody();
        Assert.False(_response.HasBody);
        Assert.Same(follows ? file : null, body.File);
        Assert.Equal(follows ? (5, length) : (0, 0), (body.Current.Offset, body.Length));
    }

    [Theory]
    [InlineData(false, 16 * 1024, false)]
    [InlineData(false, 16 * 1024 + 1, true)]
    [InlineData(true, 16 * 1024 + 1, false)]
    public void Bytes_in_memory_are_copied_only_while_they_are_few(bool isHead, int length, bool follows)
    {
        byte[] bytes = new byte[length];
        Array.Fill(bytes, (byte)'x');
        _response.Reset(isHead, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        _response.Start(200);
        _response.EndWithBytes(new SharedBytes(bytes, new BufferBudget(1 << 20)), 0, length);
        string end = isHead || follows ? "" : new string('x', length);
        Assert.EndsWith($"Content-Length: {length}\r\n\r\n{end}", Text(_output.Written));
        Assert.Equal(follows, _response.HasBody);
        Assert.True(!follows || _response.TakeBody().Current.Bytes.Equals(bytes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Parts_follow_each_other_and_have_the_length_of_all(bool isHead)
    {
        string path = typeof(ResponseTests).Assembly.Location;
        byte[] content = File.ReadAllBytes(path);
        using SafeFileHandle file = File.OpenHandle(path);
        BodyPart[] parts =
        [
            BodyPart.OfBytes(default), BodyPart.OfBytes("one"u8.ToArray()), BodyPart.OfFile(7, 0), BodyPart.OfFile(7, 9),
            BodyPart.OfBytes("two"u8.ToArray()), BodyPart.OfFile(0, 1), BodyPart.OfBytes(default),
        ];
        _response.Reset(isHead, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        _response.Start(206);
        _response.EndWithParts(file, file, parts);
        Assert.EndsWith("Content-Length: 16\r\n\r\n", Text(_output.Written));
        Assert.Equal((isHead, !isHead), (file.IsClosed, _response.HasBody));
        ResponseBody body = _response.TakeBody();
        byte[] expected = [.. "one"u8, .. content[7..16], .. "two"u8, content[0]];
        Assert.Equal(isHead ? [] : expected, BodyBytes.Of(body));
        body.Dispose();
        Assert.True(file.IsClosed);
    }

    [Theory]
    [InlineData(200, "OK")]
    [InlineData(404, "Not Found")]
    [InlineData(413, "Content Too Large")]
    [InlineData(505, "HTTP Version Not Supported")]
    [InlineData(511, "Network Authentication Required")]
    public void A_status_has_its_registered_reason(int status, string reason)
    {
        Assert.Equal($"{status} {reason}", Text(StatusLine.CodeAndReason(status)));
        Assert.Equal($"HTTP/1.1 {status} {reason}\r\n", Text(StatusLine.Of(status)));
    }

    [Theory]
    [InlineData(299, "200 OK")]
    [InlineData(306, "300 Multiple Choices")]
    [InlineData(418, "400 Bad Request")]
    [InlineData(599, "500 Internal Server Error")]
    [InlineData(199, "500 Internal Server Error")]
    [InlineData(0, "500 Internal Server Error")]
    [InlineData(-1, "500 Internal Server Error")]
    [InlineData(1000, "500 Internal Server Error")]
    public void A_status_without_a_meaning_is_the_general_one_of_its_class(int status, string line) =>
        Assert.Equal(line, Text(StatusLine.CodeAndReason(status)));

    [Fact]
    public void The_buffer_grows_and_keeps_what_it_has()
    {
        var buffer = new OutputBuffer(0);
        string expected = "";
        for (int i = 0; i < 300; i++)
        {
            buffer.Write((long)i * i * i);
            buffer.Write(","u8);
            expected += (long)i * i * i + ",";
        }

        Assert.Equal(expected, Text(buffer.Written));
        buffer.Reserve(10_000).Fill((byte)'x');
        Assert.True(buffer.Room >= 10_000);
        buffer.Advance(3);
        Assert.Equal(expected + "xxx", Text(buffer.Written));
        buffer.Truncate(4);
        buffer.Write(long.MinValue);
        Assert.Equal(string.Concat(expected.AsSpan(0, 4), "-9223372036854775808"), Text(buffer.Written));
    }
}
