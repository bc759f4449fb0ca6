using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using AotServe.Buffers;
using AotServe.Http;
using AotServe.Workers;

namespace AotServe.Net;

/// <summary>
/// The listeners and the connections, and the source of work for its pool: an idle worker waits here for sockets to become
/// ready. It serves from <see cref="Start"/> on. The methods that stop it are called by one thread, in the order in which
/// they stand here.
/// </summary>
internal sealed class Server : IWorkSource, IDisposable
{
    private const int LongestSweepInterval = 1_000;
    private const int SweepIntervalWhileStopping = 20;

    /// <summary>How soon a listener looks again for room, ms.</summary>
    private const int SweepIntervalWhileFull = 25;

    private readonly Listener[] _listeners;
    private readonly SocketTable _table = new();
    private readonly DrainState _drain;
    private readonly CancellationToken _cutOff;
    private readonly Action<Exception, string?> _reportFault;
    private long _nextSweep;
    private readonly RequestCounters _requests = new();
    private readonly long[] _timeouts = new long[(int)ConnectionPhase.Lingering + 1];
    private int _requestsCutOff;
    private volatile bool _stopping;

    /// <summary>Takes over the sockets and the poller: they are closed when this is disposed of, or earlier.</summary>
    /// <param name="sockets">The listening sockets.</param>
    /// <param name="poller">Waits for them.</param>
    /// <param name="limits">How long clients may take, and how much they may use.</param>
    /// <param name="buffers">Bounds the memory that is kept for clients.</param>
    /// <param name="drain">Whether clients are to go elsewhere; set by the thread that stops the server.</param>
    /// <param name="cutOff">Cancelled when the requests in flight are cut off.</param>
    /// <param name="reportFault">Called with each exception of the handler, and with the request's method and target; must not throw.</param>
    /// <param name="threads">The number of workers.</param>
    /// <param name="workers">The options of their pool, whose constructor must not start any.</param>
    public Server(
        List<ServedSocket> sockets,
        IPoller poller,
        ConnectionLimits limits,
        BufferBudget buffers,
        DrainState drain,
        CancellationToken cutOff,
        Action<Exception, string?> reportFault,
        int threads,
        WorkerPoolOptions workers)
    {
        Poller = poller;
        Limits = limits;
        Buffers = buffers;
        SendAllowance = new SendAllowance(limits.LargeSendBuffers);
        Pool = new WorkerPool(threads, this, workers);
        Connections = new Connections(this, _table);
        _drain = drain;
        _cutOff = cutOff;
        _reportFault = reportFault;
        _listeners = new Listener[sockets.Count];
        for (int i = 0; i < _listeners.Length; i++)
        {
            _listeners[i] = new Listener(this, sockets[i]);
            _table.Add(_listeners[i]);
        }
    }

    /// <summary>
    /// Called by a worker once per sweep, with the time as <see cref="Environment.TickCount64"/>. So it is also a sign that
    /// not all workers hang. Must not wait or throw.
    /// </summary>
    public Action<long>? Swept { get; init; }

    /// <summary>Is told of all exchanges; null: nobody is.</summary>
    public IExchangeObserver? Observer { get; init; }

    /// <summary>Answers HTTP that is spoken where TLS is to come first; null: nowhere is.</summary>
    public IRequestHandler? PlainHandler { get; init; }

    /// <summary>Told what happens to each connection, a line each; null: nobody is. Must not throw.</summary>
    public Action<string>? Trace { get; init; }

    /// <summary>Told, in one line, what could not be done at the stop. Must not throw.</summary>
    public Action<string>? Report { get; init; }

    /// <summary>The time between two sweeps, 1 to 1000 ms; shorter during a stop.</summary>
    public int SweepInterval { get; init; } = LongestSweepInterval;

    /// <summary>Called after each accepted connection with their number so far.</summary>
    public Action<long>? Accepted { get; init; }

    /// <summary>The workers. Owned; disposed of by the thread that stops the server, when all connections are closed.</summary>
    public WorkerPool Pool { get; }

    public IPoller Poller { get; }

    public ConnectionLimits Limits { get; }

    public BufferBudget Buffers { get; }

    public SendAllowance SendAllowance { get; }

    /// <summary>The time for the log, UTC.</summary>
    public DateTime Now => DateTime.UtcNow;

    /// <summary>The time for Date fields, seconds since 1970.</summary>
    public long UnixSeconds => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond;

    /// <inheritdoc cref="DrainState.IsDraining"/>
    public bool IsDraining => _drain.IsDraining;

    /// <summary>Whether the stop has begun: no connection is accepted any more, and connections close when they are idle.</summary>
    public bool IsStopping => _stopping;

    /// <summary>When the stop began, as <see cref="Environment.TickCount64"/>.</summary>
    public long StopTime { get; private set; }

    /// <summary>Whether the requests in flight are cut off.</summary>
    public bool IsCutOff => _cutOff.IsCancellationRequested;

    /// <summary>All connections.</summary>
    public Connections Connections { get; }

    /// <summary>Requests answered so far.</summary>
    public long Requests => _requests.Sum;

    /// <summary>
    /// How many requests were cut off; 0: none. A request is counted once, by the owner of its connection, if the cut-off came
    /// before the kernel had the whole response. Final when the workers have ended.
    /// </summary>
    public int RequestsCutOff => Volatile.Read(ref _requestsCutOff);

    /// <inheritdoc/>
    public int MostWaiting => Poller.MostWaiting;

    /// <summary>Starts to accept connections, as soon as a worker is started.</summary>
    public void Start()
    {
        foreach (Listener listener in _listeners)
        {
            Pool.Execute(listener); // Its turn ends when there are no more clients to accept.
        }
    }

    /// <summary>Goes on accepting and answering for a time, or until the cut-off.</summary>
    public void KeepAccepting(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            _cutOff.WaitHandle.WaitOne(time);
        }
    }

    /// <summary>Accepts what the kernel has queued, and then nobody else.</summary>
    /// <param name="owner">Who accepts from the queues of the listening sockets.</param>
    public void CloseListeners(AcceptQueueOwner owner)
    {
        StopTime = Environment.TickCount64;
        _stopping = true;
        foreach (Listener listener in _listeners)
        {
            listener.Close(owner);
        }
    }

    /// <summary>Tells every connection of the stop: idle ones close at once, or after a moment in which a request may come.</summary>
    public void CloseIdleConnections()
    {
        Volatile.Write(ref _nextSweep, 0);
        Connections.QueueExpired(long.MaxValue);
        Poller.Wake();
    }

    /// <summary>Waits until no connection is left, for at most <paramref name="time"/>, or until the cut-off.</summary>
    /// <returns>Whether none is left.</returns>
    public bool WaitForConnections(TimeSpan time) => Connections.WaitForNone(time, _cutOff);

    /// <summary>After the cut-off: has every connection close at its next turn. Handlers that wait have been told.</summary>
    public void CloseAllConnections() => Connections.QueueExpired(long.MaxValue);

    /// <summary>Closes what is left. The workers have ended.</summary>
    public void Dispose()
    {
        Connections.CloseAll();
        Poller.Dispose();
    }

    /// <summary>Gives up the connection that the calling thread is handling, since the thread will not come back.</summary>
    public static void AbandonCurrentThread() => WorkerContext.Current.Connection?.Close();

    /// <inheritdoc/>
    [SkipLocalsInit]
    public int WaitForWork(IThreadPoolWorkItem[] ready, bool mayWait)
    {
        if (!mayWait && Poller.MostWaiting == 1)
        {
            return 0; // Another one may wait now; it is told what comes.
        }

        Span<ReadyEvent> space = stackalloc ReadyEvent[ready.Length];
        long wait = mayWait ? Math.Clamp(Volatile.Read(ref _nextSweep) - Environment.TickCount64, 0, LongestSweepInterval) : 0;
        int count = 0;
        foreach (ReadyEvent e in space[..Poller.Wait(space, (int)wait)])
        {
            if (_table[e.Slot] is { } socket && socket.TryOwn(e.HangUp))
            {
                ready[count++] = socket;
            }
        }

        // After the events: a connection that has something to say is not taken for one that waited too long.
        long now = Environment.TickCount64;
        long due = Volatile.Read(ref _nextSweep);
        long next = now + (_stopping ? SweepIntervalWhileStopping : SweepInterval);
        if (now >= due && Interlocked.CompareExchange(ref _nextSweep, next, due) == due)
        {
            // One of all the workers that come back at that time; none where a stop has just asked for an earlier sweep.
            ResumeListeners();
            Connections.QueueExpired(now);
            Swept?.Invoke(now);
        }

        return count;
    }

    /// <inheritdoc/>
    public void Wake() => Poller.Wake();

    /// <summary>Queues a socket for its next turn. Called by its owner.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="atEnd">Whether that is the last thing in a turn of the calling worker, which then looks for work itself.</param>
    public void Queue(PolledSocket socket, bool atEnd = false)
    {
        try
        {
            if (atEnd)
            {
                Pool.ExecuteNext(socket);
            }
            else
            {
                Pool.Execute(socket);
            }
        }
        catch (ObjectDisposedException)
        {
            (socket as Connection)?.Close(); // Cut off: the pool has ended.
        }
    }

    /// <summary>
    /// There is no room for one more connection: the listeners look again soon. Called by a worker, before it looks for other work.
    /// </summary>
    public void SweepSoon()
    {
        long soon = Environment.TickCount64 + SweepIntervalWhileFull;
        if (Volatile.Read(ref _nextSweep) > soon)
        {
            Volatile.Write(ref _nextSweep, soon);
        }
    }

    /// <summary>Counts a client that took too long for what its connection was doing.</summary>
    public void CountTimeout(Connection connection)
    {
        Interlocked.Increment(ref _timeouts[(int)connection.Phase]);
        Trace?.Invoke($"connection {connection.Origin.Number}: {connection.Phase switch
        {
            ConnectionPhase.Idle => "no request in time, closed (--idle-timeout)"u8.Text(),
            ConnectionPhase.Handshaking => "no whole TLS handshake in time, closed (--head-timeout)"u8.Text(),
            ConnectionPhase.ReadingHead => "no whole head in time, 408 (--head-timeout)"u8.Text(),
            ConnectionPhase.ReadingBody => "the body comes too slowly, 408 (--stall-timeout, --min-rate)"u8.Text(),
            ConnectionPhase.Sending => "the client takes the response too slowly, cut off (--stall-timeout, --min-rate)"u8.Text(),
            _ => "the client did not close in time",
        }}");
    }

    /// <summary>How many clients took too long in that phase.</summary>
    public long TimeoutsIn(ConnectionPhase phase) => Interlocked.Read(ref _timeouts[(int)phase]);

    /// <summary>A counter of answered requests, for the calling thread.</summary>
    public RequestCounter AddCounter() => _requests.Add(this);

    /// <summary>Counts a request that was cut off. Called by the owner of its connection, once for each.</summary>
    public void CountCutOff() => Interlocked.Increment(ref _requestsCutOff);

    /// <summary>Reports an exception of the handler. Does not throw.</summary>
    /// <param name="e">The exception.</param>
    /// <param name="request">Method and target of the request, which are visible ASCII; null: it is of no request.</param>
    public void ReportFault(Exception e, string? request = null)
    {
        try
        {
            _reportFault(e, request);
        }
        catch (OutOfMemoryException)
        {
            // There was no memory for the line either. The caller goes on and closes the connection.
        }
    }

    /// <summary>Lets the listeners go on that paused because there was no room for another connection.</summary>
    public void ResumeListeners()
    {
        foreach (Listener listener in _listeners)
        {
            if (listener.IsPaused && listener.TryOwn())
            {
                Queue(listener);
            }
        }
    }
}
