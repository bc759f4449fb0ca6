using System;
using System.IO;
using System.Net.Sockets;
using AotServe.Http;
using AotServe.Net;
using AotServe.Tests.Http;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>Sending to a client that takes little at a time, over a real socket.</summary>
public sealed class SendQueueTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly string _path = Path.GetTempFileName();
    private readonly byte[] _content = new byte[5 * Megabyte];
    private readonly SocketPair _pair = new();
    private readonly Socket _server;
    private readonly Socket _client;

    public SendQueueTests()
    {
        new Random(2).NextBytes(_content);
        File.WriteAllBytes(_path, _content);
        (_server, _client) = (_pair.Server, _pair.Client);
    }

    public void Dispose()
    {
        _pair.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void Bytes_held_parts_in_memory_and_parts_of_a_file_arrive_in_their_order()
    {
        byte[] memory = _content[..(3 * Megabyte)];
        SafeFileHandle file = File.OpenHandle(_path);
        BodyPart[] parts =
        [
            BodyPart.OfBytes(memory), BodyPart.OfFile(10, 2 * Megabyte), BodyPart.OfBytes("between"u8.ToArray()),
            BodyPart.OfFile(0, 1), BodyPart.OfBytes(memory.AsMemory(5, Megabyte)), BodyPart.OfFile(Megabyte, 4 * Megabyte),
        ];
        byte[] expected =
        [
            .. "head"u8, .. memory, .. _content[10..(10 + 2 * Megabyte)], .. "between"u8, _content[0],
            .. memory[5..(5 + Megabyte)], .. _content[Megabyte..],
        ];

        var sendQueue = new SendQueue(new BufferBudget(Megabyte));
        Assert.True(sendQueue.TryHold("head"u8));
        sendQueue.Hold(new ResponseBody(file, file, parts));
        Assert.Equal(expected, SendAll(sendQueue, expected.Length));
        Assert.True(sendQueue.IsEmpty);
        Assert.True(file.IsClosed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_file_that_is_shorter_than_promised_ends_the_connection(int present)
    {
        SafeFileHandle file = File.OpenHandle(_path);
        var sendQueue = new SendQueue(new BufferBudget(Megabyte));
        sendQueue.Hold(new ResponseBody(file, file, BodyPart.OfFile(_content.Length - present, present + 1)));
        SendResult result;
        do
        {
            result = sendQueue.Send(_server, out _);
        }
        while (result is SendResult.Blocked or SendResult.Yield);
        Assert.Equal(SendResult.Failed, result);
        Assert.True(sendQueue.IsEmpty);
        Assert.True(file.IsClosed);
    }

    [Fact]
    public void A_client_that_is_gone_is_a_failure_that_closes_the_file()
    {
        SafeFileHandle file = File.OpenHandle(_path);
        var sendQueue = new SendQueue(new BufferBudget(Megabyte));
        sendQueue.Hold(new ResponseBody(file, file, new[] { BodyPart.OfBytes(_content), BodyPart.OfFile(0, _content.Length) }));
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Dispose();
        SendResult result;
        do
        {
            result = sendQueue.Send(_server, out _);
        }
        while (result is SendResult.Blocked or SendResult.Yield);
        Assert.Equal((SendResult.Failed, true, true), (result, sendQueue.IsEmpty, file.IsClosed));
    }

    [Fact]
    public void What_fits_the_output_leaves_with_the_head_and_a_long_part_in_memory_is_not_copied()
    {
        using SafeFileHandle file = File.OpenHandle(_path);
        var output = new OutputBuffer(64 * 1024);
        output.Write("head"u8);
        var body = new ResponseBody(file, file, new[] { BodyPart.OfBytes("one"u8.ToArray()), BodyPart.OfFile(3, 4) });
        Assert.True(SendQueue.TryLead(output, ref body));
        Assert.True(body.IsEmpty);
        Assert.Equal([.. "headone"u8, .. _content[3..7]], output.Written.ToArray());

        output.Truncate(0);
        body = new ResponseBody(null, null, BodyPart.OfBytes(_content));
        Assert.True(SendQueue.TryLead(output, ref body));
        Assert.InRange(output.Length, 1, 16 * 1024);
        Assert.Equal(_content, (byte[])[.. output.Written, .. BodyBytes.Of(body)]);

        output.Truncate(0);
        body = new ResponseBody(file, file, BodyPart.OfFile(0, _content.Length));
        Assert.True(SendQueue.TryLead(output, ref body));
        Assert.Equal(OperatingSystem.IsLinux(), output.Length == 0);
        Assert.Equal(_content, (byte[])[.. output.Written, .. BodyBytes.Of(body)]);

        body = new ResponseBody(file, file, BodyPart.OfFile(_content.Length - 1, 2));
        output.Truncate(0);
        Assert.False(SendQueue.TryLead(output, ref body));
    }

    /// <summary>Has the client take some whenever the socket is full, and gives what it took.</summary>
    private byte[] SendAll(SendQueue sendQueue, int length)
    {
        byte[] received = new byte[length];
        int count = 0;
        int blocked = 0;
        SendResult result;
        do
        {
            result = sendQueue.Send(_server, out _);
            Assert.NotEqual(SendResult.Failed, result);
            if (result != SendResult.Blocked)
            {
                continue;
            }

            blocked++;
            count += _client.Receive(received.AsSpan(count, Math.Min(length - count, 100_001)));
        }
        while (result != SendResult.Done);

        Assert.True(blocked > 0);
        while (count < length)
        {
            count += _client.Receive(received.AsSpan(count));
        }

        Assert.Equal(0, _client.Available);
        return received;
    }
}
