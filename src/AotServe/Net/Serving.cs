using System;
using AotServe.Workers;

namespace AotServe.Net;

/// <summary>
/// A server that serves. Disposal is the drain: no new connections, every request that was taken is answered, every
/// connection closed; then the pool, disposed after this, has nothing left but to join its workers.
/// </summary>
internal sealed class Serving : IDisposable
{
    private readonly Server _server;
    private readonly TimeSpan _delay;
    private readonly TimeSpan _timeout;
    private readonly Func<AcceptQueueOwner> _share;
    private readonly object _disposal = new();
    private bool _disposed;

    /// <summary>Begins to serve.</summary>
    /// <param name="server">Not owned.</param>
    /// <param name="pool">Runs the connections; disposed after this.</param>
    /// <param name="delay">
    /// How long disposal goes on accepting, so that load balancers have time to turn away; not where others serve on.
    /// </param>
    /// <param name="timeout">How long disposal waits for what is in flight before it cuts it off.</param>
    /// <param name="share">Says, when disposal begins, whose the queues of the listening sockets are.</param>
    /// <param name="accepted">Is told after each accepted connection how many there were; may be null.</param>
    public Serving(
        Server server, WorkerPool pool, TimeSpan delay, TimeSpan timeout, Func<AcceptQueueOwner> share, Action<long>? accepted)
    {
        _server = server;
        _delay = delay;
        _timeout = timeout;
        _share = share;
        server.Start(pool, accepted);
    }

    /// <summary>Drains. May be called again and by several threads: each returns when it is done.</summary>
    public void Dispose()
    {
        lock (_disposal)
        {
            if (_disposed)
            {
                return;
            }

            if (_share() != AcceptQueueOwner.Theirs)
            {
                _server.Drain(_delay);
            }

            _server.BeginStop(_share());
            if (!_server.WaitUntilDrained((long)_timeout.TotalMilliseconds))
            {
                _server.CutOff();
            }

            _disposed = true;
        }
    }
}
