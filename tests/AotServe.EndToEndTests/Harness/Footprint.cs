using System;
using System.Globalization;
using System.Linq;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// What a server holds: its descriptors, its threads, and the memory that the heap still refers to after a full
/// collection, which a server with test hooks tells. That shows a leak of some hundred bytes a connection after a thousand
/// connections; the size of the process shows nothing so small.
/// </summary>
/// <remarks>
/// The heap grows without a leak too. Each worker keeps an array of each size that it has given back (the platform's array pool has
/// such a cache in each thread), about 60 KB a worker, and which workers get to serve is up to the scheduler: on a busy
/// machine a worker may serve its first body long after the start. Such growth ends, that of a leak does not:
/// <see cref="AssertNoGrowth"/> tells them apart.
/// </remarks>
internal sealed class Footprint
{
    /// <summary>How often the same faults may leave more memory behind than is to spare before it is a leak.</summary>
    private const int MostGrowingRounds = 6;

    /// <summary>How many bytes the heap may keep of a round of faults: caches that fill up, arrays that grew.</summary>
    private const long LiveBytesToSpare = 128 * 1024;

    private readonly ServerProcess _server;
    private readonly int _descriptors;
    private readonly int _threads;
    private long _liveBytes;

    /// <summary>Of a server with test hooks to which nobody has connected yet.</summary>
    public Footprint(ServerProcess server)
    {
        _server = server;
        _descriptors = Proc.DescriptorsAtRest(server.Pid);
        _threads = Proc.ThreadNames(server.Pid).Count;
    }

    /// <summary>Notes how much memory is in use. Before that it has each worker serve a request, so that each has its buffers.</summary>
    public void Mark()
    {
        int workers = Proc.ThreadNames(_server.Pid).Count(name => name.StartsWith("worker ", StringComparison.Ordinal));
        RawClient[] clients = Enumerable.Range(0, workers).Select(_ => new RawClient(_server.Port)).ToArray();
        Array.ForEach(clients, client => client.Send($"GET /__hooks/meet?{workers} HTTP/1.1\r\nHost: h\r\n\r\n"));
        Assert.All(clients, client => Assert.Equal(200, client.Read().Status));
        Array.ForEach(clients, client => client.Dispose());
        _liveBytes = LiveBytesAtRest();
    }

    /// <summary>
    /// Has the same faults happen again and again, until a round of them leaves no more memory in use than there was
    /// before it. Fails the test if that does not come about, or if the server has more threads or descriptors afterwards.
    /// </summary>
    public void AssertNoGrowth(Action faults)
    {
        for (int round = 1; ; round++)
        {
            faults();
            long before = _liveBytes;
            _liveBytes = LiveBytesAtRest();
            TestContext.Current.TestOutputHelper?.WriteLine($"Round {round}: {before} bytes in use before, {_liveBytes} after.");
            if (_liveBytes <= before + LiveBytesToSpare)
            {
                break;
            }

            Assert.True(round < MostGrowingRounds, $"Each of {round} rounds left more memory in use: {_liveBytes} bytes now.");
        }

        Eventually.Holds(() => Proc.ThreadNames(_server.Pid).Count == _threads, $"there are {_threads} threads, as at first");
    }

    /// <summary>The same for faults that happened already and cannot be repeated.</summary>
    public void AssertRegained()
    {
        long live = LiveBytesAtRest();
        Assert.True(live <= _liveBytes + LiveBytesToSpare, $"{live} bytes are in use, where {_liveBytes} were.");
        Eventually.Holds(() => Proc.ThreadNames(_server.Pid).Count == _threads, $"there are {_threads} threads, as at first");
    }

    /// <summary>Waits until the server has no more descriptors open than before anybody came; then asks it for its memory.</summary>
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
        () => Proc.DescriptorCount(_server.Pid) == _descriptors, $"{_descriptors} descriptors are open, as at first");
}
