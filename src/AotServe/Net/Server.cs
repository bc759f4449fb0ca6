using System;
using System.Collections.Generic;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Threading;
using AotServe.Http;
using AotServe.Workers;

namespace AotServe.Net;

/// <summary>
/// The connections, and the source of work for the pool: an idle worker waits here for sockets to become ready. Begins
/// to serve with <see cref="Start"/>; <see cref="Serving"/> is its stop.
/// </summary>
internal sealed partial class Server : IWorkSource, IDisposable
{
    private const int LongestSweepInterval = 1_000;
    private const int SweepIntervalWhileStopping = 20;

    private readonly List<Listener> _listeners = [];
    private readonly SocketTable _table = new();
    private readonly object _stop = new();
    private readonly CancellationTokenSource _cutOffSource;
    private readonly Action<Exception> _reportFault;
    private readonly AddressCounts? _addresses;
    private WorkerPool _pool = null!;
    private Action<long>? _accepted;
    private long _nextSweep;
    private long _requests;
    private long _acceptedConnections;
    private int _connections;
    private volatile bool _draining;
    private volatile bool _stopping;
    private volatile bool _cutOff;

    /// <summary>Takes over the sockets and the poller: they are closed when this is disposed, or earlier.</summary>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="sockets">Bound and listening.</param>
    /// <param name="poller">Waits for them.</param>
    /// <param name="limits">What clients may take.</param>
    /// <param name="cutOff">Is cancelled when what is left is cut off, for handlers that wait; not owned.</param>
    /// <param name="reportFault">Is told of exceptions that the handler threw; must not throw.</param>
    public Server(
        IRequestHandler handler,
        IReadOnlyList<Socket> sockets,
        IPoller poller,
        ConnectionLimits limits,
        CancellationTokenSource cutOff,
        Action<Exception> reportFault)
    {
        Handler = handler;
        Poller = poller;
        Limits = limits;
        Buffers = new BufferBudget(limits.BufferBytes);
        _addresses = limits.ConnectionsPerAddress == long.MaxValue ? null : new AddressCounts(limits.ConnectionsPerAddress);
        _cutOffSource = cutOff;
        _reportFault = reportFault;
        foreach (Socket socket in sockets)
        {
            var listener = new Listener(this, socket);
            _table.Add(listener);
            Poller.Add(listener.Slot, socket);
            _listeners.Add(listener);
        }
    }

    /// <summary>
    /// Is told by a worker, once per sweep, the time as <see cref="Environment.TickCount64"/>: a sign that there is a
    /// worker who comes around. Must not wait, nor throw.
    /// </summary>
    public Action<long>? Swept { get; init; }

    /// <summary>How often that is while nothing stops, in milliseconds, 1 to 1000.</summary>
    public int SweepInterval { get; init; } = LongestSweepInterval;

    public IRequestHandler Handler { get; }

    public IPoller Poller { get; }

    public ConnectionLimits Limits { get; }

    public BufferBudget Buffers { get; }

    /// <summary>The time for Date fields, seconds since 1970.</summary>
    public long UnixSeconds => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    /// <summary>Whether a stop was asked for: every answer is its connection's last, unless more has already arrived.</summary>
    public bool IsDraining => _draining;

    /// <summary>Whether the stop has begun: nobody is accepted any more, and connections close when they are idle.</summary>
    public bool IsStopping => _stopping;

    /// <summary>When the stop began, as <see cref="Environment.TickCount64"/>.</summary>
    public long StopTime { get; private set; }

    /// <summary>Whether what is left is to be closed without more ado.</summary>
    public bool IsCutOff => _cutOff;

    /// <summary>Whether one more connection can be taken.</summary>
    public bool HasRoom => Volatile.Read(ref _connections) < Limits.Connections;

    /// <summary>Connections that are open now.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Connections accepted so far.</summary>
    public long AcceptedConnections => Interlocked.Read(ref _acceptedConnections);

    /// <summary>How many requests were in flight when the rest was cut off; 0 where nothing was lost.</summary>
    public int RequestsCutOff { get; private set; }

    /// <summary>Requests answered so far.</summary>
    public long Requests => Interlocked.Read(ref _requests);

    /// <summary>
    /// Begins to accept. <paramref name="accepted"/> is told after each accepted connection how many there were.
    /// </summary>
    public void Start(WorkerPool pool, Action<long>? accepted)
    {
        _pool = pool;
        _accepted = accepted;
        foreach (Listener listener in _listeners)
        {
            pool.Execute(listener); // Its turn ends in the wait for clients.
        }
    }

    public int MostWaiting => Poller.MostWaiting;

    [SkipLocalsInit]
    public int WaitForWork(IThreadPoolWorkItem[] ready)
    {
        Span<ReadyEvent> space = stackalloc ReadyEvent[WorkQueue.BatchSize];
        long wait = Math.Clamp(Volatile.Read(ref _nextSweep) - Environment.TickCount64, 0, LongestSweepInterval);
        int count = 0;
        foreach (ReadyEvent e in space[..Poller.Wait(space[..Math.Min(space.Length, ready.Length)], (int)wait)])
        {
            if (_table[e.Slot] is { } polled && polled.TryOwn(e.HangUp))
            {
                ready[count++] = polled;
            }
        }

        // After the events: a connection that has something to say is not taken for one that waited too long.
        long now = Environment.TickCount64;
        long due = Volatile.Read(ref _nextSweep);
        long next = now + (_stopping ? SweepIntervalWhileStopping : SweepInterval);
        if (now >= due && Interlocked.CompareExchange(ref _nextSweep, next, due) == due)
        {
            // Of all who come back at that time, one; and not where a stop has just asked for an earlier one.
            Sweep(now);
            Swept?.Invoke(now);
        }

        return count;
    }

    public void Wake() => Poller.Wake();

    /// <summary>Queues a polled socket for its next turn. Called by its owner.</summary>
    /// <param name="polled">The socket.</param>
    /// <param name="atEnd">Whether that is the last thing in a turn of the calling worker, which then looks for work itself.</param>
    public void Queue(PolledSocket polled, bool atEnd = false)
    {
        try
        {
            if (atEnd)
            {
                _pool.ExecuteNext(polled);
            }
            else
            {
                _pool.Execute(polled);
            }
        }
        catch (ObjectDisposedException)
        {
            (polled as Connection)?.Close(); // Cut off: the workers are leaving.
        }
    }

    /// <summary>
    /// Takes a new connection, of which the caller becomes the owner and to which it owes the first turn. Null where its
    /// address has far more than its share; the socket is closed then.
    /// </summary>
    public Connection? Accept(Socket client)
    {
        ulong address = 0;
        bool isSurplus = false;
        if (_addresses is not null && !_addresses.TryAdd(address = AddressCounts.KeyOf(client), out isSurplus))
        {
            client.Dispose();
            return null;
        }

        var connection = new Connection(this, client, address, isSurplus);
        _table.Add(connection);
        Interlocked.Increment(ref _connections);
        long accepted = Interlocked.Increment(ref _acceptedConnections);
        _accepted?.Invoke(accepted);
        return connection;
    }

    /// <summary>
    /// Forgets a connection that its owner has closed: makes room for another, and lets a stop go on that waited for it.
    /// </summary>
    public void Forget(Connection connection)
    {
        _table.Remove(connection);
        if (Interlocked.Decrement(ref _connections) == 0 && _stopping)
        {
            lock (_stop)
            {
                Monitor.PulseAll(_stop);
            }
        }

        ResumeListeners();
    }

    /// <summary>Whether an address has no more connections than one may have.</summary>
    public bool IsWithinShare(ulong address) => _addresses is null || _addresses.IsWithin(address);

    /// <summary>Gives back a connection's place among those of its address. Before the client can know that it has closed.</summary>
    public void ReturnShare(ulong address) => _addresses?.Remove(address);

    /// <summary>Counts an answered request.</summary>
    public void CountRequest() => Interlocked.Increment(ref _requests);

    /// <summary>Reports an exception of the handler. Does not throw.</summary>
    public void ReportFault(Exception e)
    {
        try
        {
            _reportFault(e);
        }
        catch (OutOfMemoryException)
        {
            // There was no memory for the line either; what has to be closed is closed all the same.
        }
    }

    public void Dispose()
    {
        for (int slot = 0; slot < _table.Extent; slot++)
        {
            (_table[slot] as Connection)?.Close();
        }

        Poller.Dispose();
    }

    /// <summary>
    /// There is no room for one more: closes some of the connections that have been idle longest, so that those who have
    /// something to say come in. Called while a listener pauses.
    /// </summary>
    public void EvictIdle()
    {
        const int AtOnce = 32, LeastIdle = 1_000;
        Span<(long Since, int Slot)> oldest = stackalloc (long, int)[AtOnce];
        oldest.Fill((Environment.TickCount64 - LeastIdle, -1));
        int latest = 0; // the index of the one among them that has been idle for the shortest time
        for (int slot = 0; slot < _table.Extent; slot++)
        {
            if (_table[slot] is not Connection connection || connection.IdleSince >= oldest[latest].Since)
            {
                continue;
            }

            oldest[latest] = (connection.IdleSince, slot);
            for (int i = 0; i < AtOnce; i++)
            {
                if (oldest[i].Since > oldest[latest].Since)
                {
                    latest = i;
                }
            }
        }

        foreach ((_, int slot) in oldest)
        {
            if (slot < 0 || _table[slot] is not Connection connection)
            {
                continue;
            }

            connection.IsEvicted = true;
            if (connection.TryOwn())
            {
                Queue(connection);
            }
        }
    }

    private void ResumeListeners()
    {
        foreach (Listener listener in _listeners)
        {
            if (listener.IsPaused && listener.TryOwn())
            {
                Queue(listener);
            }
        }
    }

    /// <summary>Gives a turn to every connection whose deadline has passed: it finds out what to do about it.</summary>
    private void Sweep(long now)
    {
        ResumeListeners();
        for (int slot = 0; slot < _table.Extent; slot++)
        {
            if (_table[slot] is Connection connection && connection.Deadline <= now && connection.TryOwn())
            {
                Queue(connection);
            }
        }
    }
}
