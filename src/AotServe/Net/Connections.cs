using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using AotServe.Tls;

namespace AotServe.Net;

/// <summary>All connections of a server: how many there may be, and what happens to all of them. Any thread may call.</summary>
/// <param name="server">Whose connections they are.</param>
/// <param name="table">Where they have their slots, beside the listeners.</param>
internal sealed class Connections(Server server, SocketTable table)
{
    /// <summary>How often connections to evict are looked for at most, ms: that takes a look at each.</summary>
    private const int LeastBetweenEvictions = 20;

    private readonly object _changed = new();
    private readonly Eviction _eviction = new(table, server.Limits.Connections);
    private readonly AddressCounts? _addresses = server.Limits.ConnectionsPerAddress == long.MaxValue
        ? null
        : new AddressCounts(server.Limits.ConnectionsPerAddress);

    private long _nextEviction;
    private long _accepted;
    private long _refusedByShare;
    private long _refusedByTrust;
    private long _evicted;
    private int _count;

    /// <summary>The proxies that say who their clients are.</summary>
    public TrustedProxies Proxies { get; } = new(server.Limits.TrustedProxies, server.Limits.TrustsUnix);

    /// <summary>How many are open now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many were accepted so far.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>How many were closed at once, since their address had far more than its share.</summary>
    public long RefusedByShare => Interlocked.Read(ref _refusedByShare);

    /// <summary>How many were closed at once, since they came from no trusted proxy.</summary>
    public long RefusedByTrust => Interlocked.Read(ref _refusedByTrust);

    /// <summary>How many that waited for their clients were asked to close, to make room.</summary>
    public long Evicted => Interlocked.Read(ref _evicted);

    /// <summary>How many there are in each phase, by its number.</summary>
    public long[] CountPhases()
    {
        long[] counts = new long[(int)ConnectionPhase.Lingering + 1];
        for (int slot = 0; slot < table.Extent; slot++)
        {
            if (table[slot] is Connection connection)
            {
                counts[(int)connection.Phase]++;
            }
        }

        return counts;
    }

    /// <summary>Whether there is room for one more.</summary>
    public bool HasRoom => Count < server.Limits.Connections;

    /// <summary>
    /// Adds a new connection, of which the caller becomes the owner and to which it owes the first turn. Null where its
    /// address has far more than its share, or where only proxies may connect and it is none; the socket is closed then.
    /// </summary>
    public Connection? TryAdd(Socket client, in ServedSocket served)
    {
        var origin = new ClientOrigin { Proxies = Proxies, Handler = served.Handler };
        IPAddress? address = AddressCounts.AddressOf(client);
        bool isTrusted = Proxies.Contains(address) && (address is not null || client.AddressFamily == AddressFamily.Unix);
        if (server.Limits.UsesProxyProtocol)
        {
            origin.Address = address;
            origin.AwaitsHeader = true;
        }

        if (server.Limits.UsesProxyProtocol ? !isTrusted : !TryIdentify(ref origin, address, isTrusted))
        {
            server.Trace?.Invoke($"connection from {address}: refused, {(isTrusted || !server.Limits.UsesProxyProtocol ? "its address has too many (--max-per-address)" : "it is no trusted proxy (--proxy-protocol)")}");
            Interlocked.Increment(ref isTrusted || !server.Limits.UsesProxyProtocol ? ref _refusedByShare : ref _refusedByTrust);
            client.Dispose();
            return null;
        }

        origin.Number = Interlocked.Increment(ref _accepted);
        TlsSession? tls = TlsSupport.IsBuiltIn && served.Tls is not null ? new TlsSession(served.Tls, client, server.Buffers) : null;
        var connection = new Connection(server, new Transport(client, tls), origin);
        server.Trace?.Invoke($"connection {origin.Number}: from {(address is null ? "a Unix socket" : address)}");
        table.Add(connection);
        Interlocked.Increment(ref _count);
        server.Accepted?.Invoke(origin.Number);
        return connection;
    }

    /// <summary>A proxy has said whose connection it is. False: the client has far more than its share, and the connection is to close.</summary>
    /// <param name="origin">Whose it was until now: the proxy's.</param>
    /// <param name="client">The client's address; null: the connection is the proxy's own.</param>
    public bool TryIdentify(ref ClientOrigin origin, IPAddress? client)
    {
        origin.AwaitsHeader = false;
        return client is null ? TryIdentify(ref origin, origin.Address, isTrusted: true) : TryIdentify(ref origin, client, Proxies.Contains(client));
    }

    private bool TryIdentify(ref ClientOrigin origin, IPAddress? address, bool isTrusted)
    {
        origin.Address = address;
        origin.Network = address is null ? 0 : AddressCounts.KeyOf(address);
        origin.IsProxy = isTrusted;
        if (_addresses is null || address is null || isTrusted)
        {
            return true;
        }

        origin.IsCounted = _addresses.TryAdd(origin.Network, out bool isSurplus);
        origin.IsSurplus = isSurplus;
        return origin.IsCounted;
    }

    /// <summary>Removes a connection that its owner has closed: makes room for another. Called once for each.</summary>
    public void Remove(Connection connection)
    {
        server.Trace?.Invoke($"connection {connection.Origin.Number}: closed after {connection.Requests} requests");
        table.Remove(connection);
        if (Interlocked.Decrement(ref _count) == 0 && server.IsStopping)
        {
            Pulse();
        }
    }

    /// <summary>Whether an address has no more connections than one may have.</summary>
    public bool IsWithinShare(ulong address) => _addresses is null || _addresses.IsWithin(address);

    /// <summary>Gives back a connection's place among those of its address. Before the client can know that it has closed.</summary>
    public void ReturnShare(Connection connection)
    {
        if (connection.Origin.IsCounted)
        {
            _addresses?.Remove(connection.Origin.Network);
        }
    }

    /// <summary>
    /// Gives a turn to every connection whose deadline has come by <paramref name="now"/>, <see cref="Environment.TickCount64"/>:
    /// it finds out what to do about it. The largest value gives one to all, those that are busy after what they are doing.
    /// </summary>
    public void QueueExpired(long now)
    {
        for (int slot = 0; slot < table.Extent; slot++)
        {
            if (table[slot] is Connection connection && connection.Deadline <= now && connection.TryOwn())
            {
                server.Queue(connection);
            }
        }
    }

    /// <summary>
    /// Has some close that wait for their clients, so that new ones can be accepted. Called while a listener pauses.
    /// </summary>
    public void MakeRoom()
    {
        Span<int> slots = stackalloc int[Eviction.MostEvicted];
        int count;
        lock (_eviction)
        {
            long now = Environment.TickCount64;
            if (now < _nextEviction)
            {
                return;
            }

            _nextEviction = now + LeastBetweenEvictions;
            count = _eviction.Find(now, slots);
        }

        foreach (int slot in slots[..count])
        {
            if (table[slot] is not Connection connection)
            {
                continue;
            }

            server.Trace?.Invoke($"connection {connection.Origin.Number}" + ": to close, for its place is needed (--max-connections)"u8.Text());
            Interlocked.Increment(ref _evicted);
            connection.Evict();
            if (connection.TryOwn())
            {
                server.Queue(connection);
            }
        }
    }

    /// <summary>
    /// Waits until none is left, for at most <paramref name="time"/>, or until <paramref name="cutOff"/> is cancelled.
    /// </summary>
    /// <returns>Whether none is left.</returns>
    public bool WaitForNone(TimeSpan time, CancellationToken cutOff)
    {
        long end = Environment.TickCount64 + (long)time.TotalMilliseconds;
        using CancellationTokenRegistration registration = cutOff.Register(Pulse);
        lock (_changed)
        {
            while (Count > 0 && !cutOff.IsCancellationRequested && end - Environment.TickCount64 is > 0 and long left)
            {
                Monitor.Wait(_changed, (int)Math.Min(left, int.MaxValue));
            }
        }

        return Count == 0;
    }

    /// <summary>Closes what is left. The workers have ended, so that nobody owns any.</summary>
    public void CloseAll()
    {
        for (int slot = 0; slot < table.Extent; slot++)
        {
            (table[slot] as Connection)?.Close();
        }
    }

    private void Pulse()
    {
        lock (_changed)
        {
            Monitor.PulseAll(_changed);
        }
    }
}
