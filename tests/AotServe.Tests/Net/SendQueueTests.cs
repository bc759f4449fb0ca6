using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AotServe.Buffers;
using AotServe.Http;
using AotServe.Net;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>Sending to a client that takes little at a time, over a real socket.</summary>
public sealed class SendQueueTests : IDisposable
{
    private const int Megabyte = 1024 * 1024;

    private readonly string _path = Path.GetTempFileName();
    private readonly byte[] _content = new byte[5 * Megabyte];
    private readonly OutputBuffer _output = new(64 * 1024);
    private readonly Socket _server;
    private readonly Socket _client;

    public SendQueueTests()
    {
        _output.Write("head"u8);
        new Random(2).NextBytes(_content);
        File.WriteAllBytes(_path, _content);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 30_000 };
        _client.Connect(listener.LocalEndPoint!);
        _server = listener.Accept();
        _server.Blocking = false;
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
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

        var queue = new SendQueue(new BufferBudget(Megabyte), new SendAllowance(1));
        Assert.Equal(expected, SendAll(queue, new ResponseBody(file, file, parts), expected.Length));
        Assert.True(queue.IsEmpty);
        Assert.True(file.IsClosed);
        Assert.Equal(0, _output.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_file_that_is_shorter_than_promised_ends_the_connection(int present)
    {
        SafeFileHandle file = File.OpenHandle(_path);
        var queue = new SendQueue(new BufferBudget(Megabyte), new SendAllowance(1));
        BodyPart[] parts = new[] { BodyPart.OfFile(0, 20_000), BodyPart.OfFile(_content.Length - present, 20_000) };
        SendResult result = queue.Start(_server, _output, new ResponseBody(file, file, parts), out _, out _);
        while (result is SendResult.Blocked or SendResult.Yield)
        {
            result = queue.Continue(_server, null, out _);
        }

        Assert.Equal((SendResult.Failed, true, true), (result, queue.IsEmpty, file.IsClosed));
    }

    [Fact]
    public void A_client_that_is_gone_is_a_failure_that_closes_the_file()
    {
        SafeFileHandle file = File.OpenHandle(_path);
        var queue = new SendQueue(new BufferBudget(Megabyte), new SendAllowance(1));
        var body = new ResponseBody(file, file, new[] { BodyPart.OfBytes(_content), BodyPart.OfFile(0, _content.Length) });
        _client.LingerState = new LingerOption(enable: true, seconds: 0);
        _client.Dispose();
        SendResult result = queue.Start(_server, _output, body, out _, out _);
        while (result is SendResult.Blocked or SendResult.Yield)
        {
            result = queue.Continue(_server, null, out _);
        }

        Assert.Equal((SendResult.Failed, true, true, 0), (result, queue.IsEmpty, file.IsClosed, _output.Length));
    }

    [Fact]
    public void A_body_that_cannot_be_read_at_all_can_still_become_another_response()
    {
        using SafeFileHandle file = File.OpenHandle(_path);
        var queue = new SendQueue(new BufferBudget(Megabyte), new SendAllowance(1));
        var body = new ResponseBody(file, file, BodyPart.OfFile(_content.Length - 1, 2));
        Assert.Equal(SendResult.Unreadable, queue.Start(_server, _output, body, out _, out long sent));
        Assert.Equal((0L, true, true), (sent, queue.IsEmpty, file.IsClosed));
        Assert.StartsWith("head", Encoding.ASCII.GetString(_output.Written));
    }

    [Fact]
    public void A_short_body_leaves_in_one_piece_with_the_head()
    {
        using SafeFileHandle file = File.OpenHandle(_path);
        var queue = new SendQueue(new BufferBudget(Megabyte), new SendAllowance(1));
        var body = new ResponseBody(file, file, new[] { BodyPart.OfBytes("one"u8.ToArray()), BodyPart.OfFile(3, 4) });
        Assert.Equal(SendResult.Done, queue.Start(_server, _output, body, out _, out long sentLater));
        Assert.Equal(0, sentLater);
        byte[] received = new byte[100];
        Assert.Equal((byte[])[.. "headone"u8, .. _content[3..7]], received[..ReceiveAll(received, 11)]);
    }

    [Fact]
    public void A_head_that_finds_no_buffer_while_the_client_takes_nothing_ends_the_connection()
    {
        var queue = new SendQueue(new BufferBudget(0), new SendAllowance(1));
        Assert.Equal(SendResult.Blocked, Fill());
        Assert.Equal(SendResult.Failed, queue.Start(_server, _output, out _, out _));
        Assert.Equal((true, 0), (queue.IsEmpty, _output.Length));

        SendResult Fill()
        {
            byte[] filler = new byte[Megabyte];
            SocketError error;
            do
            {
                _server.Send(filler, SocketFlags.None, out error);
            }
            while (error == SocketError.Success);
            return Transport.ResultOf(error);
        }
    }

    [Fact]
    public void What_a_slow_client_keeps_of_a_cache_is_charged_until_it_has_it()
    {
        var budget = new BufferBudget(Megabyte);
        var queue = new SendQueue(budget, new SendAllowance(1));
        var body = new ResponseBody(new SharedBytes(_content[..Megabyte], budget), 0, Megabyte);
        Assert.Equal(SendResult.Blocked, FillAndStart(queue, body));
        Assert.False(budget.HasRoomFor(1));
        queue.Drop();
        Assert.True(budget.TryReserve(Megabyte));
    }

    [Fact]
    public void A_body_that_the_budget_does_not_allow_to_keep_ends_the_connection()
    {
        var budget = new BufferBudget(Megabyte);
        var queue = new SendQueue(budget, new SendAllowance(1));
        Assert.Equal(
            SendResult.Failed, FillAndStart(queue, new ResponseBody(new SharedBytes(_content[..(Megabyte + 1)], budget), 0, Megabyte + 1)));
        ReadOnlyMemory<BodyPart> parts = new[] { BodyPart.OfBytes(_content), BodyPart.OfBytes(_content) };
        Assert.Equal(SendResult.Failed, FillAndStart(queue, new ResponseBody(null, null, parts, ownMemory: Megabyte + 1)));
        Assert.True(queue.IsEmpty);
        Assert.True(budget.TryReserve(Megabyte));
    }

    /// <summary>Sends a response where the kernel has no room for more of its head than that.</summary>
    private SendResult FillAndStart(SendQueue queue, ResponseBody body)
    {
        _server.SendBufferSize = 4096;
        _output.Truncate(0);
        byte[] filler = new byte[Megabyte];
        SocketError error;
        do
        {
            _server.Send(filler, SocketFlags.None, out error);
        }
        while (error == SocketError.Success);
        return queue.Start(_server, _output, body, out _, out _);
    }

    private int ReceiveAll(byte[] destination, int least)
    {
        int count = 0;
        while (count < least)
        {
            count += _client.Receive(destination.AsSpan(count));
        }

        return count;
    }

    /// <summary>Sends it all: has the client take some whenever the socket is full, and gives what it took.</summary>
    private byte[] SendAll(SendQueue queue, ResponseBody body, int length)
    {
        byte[] received = new byte[length];
        int count = 0;
        int blocked = 0;
        SendResult result = queue.Start(_server, _output, body, out _, out _);
        while (result != SendResult.Done)
        {
            Assert.NotEqual(SendResult.Failed, result);
            if (result == SendResult.Blocked)
            {
                blocked++;
                count += _client.Receive(received.AsSpan(count, Math.Min(length - count, 100_001)));
            }

            result = queue.Continue(_server, null, out _);
        }

        Assert.True(blocked > 0);
        while (count < length)
        {
            count += _client.Receive(received.AsSpan(count));
        }

        Assert.Equal(0, _client.Available);
        return received;
    }
}
