using System;
using System.Globalization;
using System.Linq;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// What a server holds: taken before faults and after them, it shows what leaked. The memory is what the heap still refers
/// to after a full collection, which a server with test hooks tells, so that a leak of some hundred bytes a connection
/// shows after a thousand connections; the size of the process says nothing so fine.
/// </summary>
internal sealed class Footprint
{
    /// <summary>What the heap may keep of faults: caches that fill up, arrays that grew.</summary>
    private const long LiveBytesToSpare = 128 * 1024;

    private readonly ServerProcess _server;
    private readonly int _descriptors;
    private readonly int _threads;
    private long _liveBytes;

    /// <summary>Of a server with test hooks that nobody has connected to yet.</summary>
    public Footprint(ServerProcess server)
    {
        _server = server;
        _descriptors = Proc.Descriptors(server.Pid).Count;
        _threads = Proc.ThreadNames(server.Pid).Count;
    }

    /// <summary>Takes down the memory, when all that is made once only has been made: each worker has its buffers too.</summary>
    public void Mark()
    {
        int workers = Proc.ThreadNames(_server.Pid).Count(name => name.StartsWith("worker ", StringComparison.Ordinal));
        RawClient[] clients = Enumerable.Range(0, workers).Select(_ => new RawClient(_server.Port)).ToArray();
        Array.ForEach(clients, client => client.Send($"GET /__hooks/meet?{workers} HTTP/1.1\r\nHost: h\r\n\r\n"));
        Assert.All(clients, client => Assert.Equal(200, client.Read().Status));
        Array.ForEach(clients, client => client.Dispose());
        _liveBytes = LiveBytesAtRest();
    }

    /// <summary>Waits until the server has no more open than before anybody came, and fails if it holds on to more memory.</summary>
    public void AssertRegained()
    {
        long live = LiveBytesAtRest();
        Assert.Equal(_threads, Proc.ThreadNames(_server.Pid).Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"Alive: {_liveBytes} bytes before, {live} after.");
        Assert.True(live <= _liveBytes + LiveBytesToSpare, $"{live} bytes are alive, where {_liveBytes} were.");
    }

    private long LiveBytesAtRest()
    {
        AwaitRest();
        using var client = new RawClient(_server.Port);
        Answer answer = client.Get("/__hooks/live", "Connection: close");
        Assert.Equal(200, answer.Status);
        client.AssertClosed();
        client.Dispose();
        AwaitRest();
        return long.Parse(answer.Text, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    private void AwaitRest() => Eventually.Holds(
        () => Proc.Descriptors(_server.Pid).Count == _descriptors, $"{_descriptors} descriptors are open, as at first");
}
