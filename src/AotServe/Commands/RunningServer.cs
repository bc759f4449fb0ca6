using System;
using System.Threading;
using AotServe.Handover;
using AotServe.Http;
using AotServe.Lifetime;
using AotServe.Net;
using AotServe.Workers;

namespace AotServe.Commands;

/// <summary>
/// A server that serves. Disposing it is the stop, and the only one: <see cref="ServeCommand"/> disposes it when it ends for
/// whatever reason, and so does <see cref="Environment.Exit"/>. Made by the main thread.
/// </summary>
internal sealed class RunningServer : IDisposable
{
    private readonly Server _server;
    private readonly Succession _succession;
    private readonly StopRequest _stop;
    private readonly DrainState _drain;
    private readonly TimeSpan _drainDelay;
    private readonly TimeSpan _timeout;
    private readonly IDisposable _log;
    private readonly Thread _main = Thread.CurrentThread;
    private bool _isStopped;

    /// <summary>Starts to accept connections.</summary>
    /// <param name="server">Not owned; but its pool is disposed of here.</param>
    /// <param name="succession">Says who else has the listening sockets; not owned.</param>
    /// <param name="stop">Cuts off the requests in flight.</param>
    /// <param name="drain">Tells clients of the stop.</param>
    /// <param name="drainDelay">How long a stop goes on accepting, so that load balancers have time to notice it.</param>
    /// <param name="timeout">How long a stop waits for the requests in flight before it cuts them off.</param>
    /// <param name="log">Is disposed of when the last request was answered.</param>
    public RunningServer(
        Server server, Succession succession, StopRequest stop, DrainState drain, TimeSpan drainDelay, TimeSpan timeout, IDisposable log)
    {
        _log = log;
        _server = server;
        _succession = succession;
        _stop = stop;
        _drain = drain;
        _drainDelay = drainDelay;
        _timeout = timeout;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        server.Start();
    }

    /// <summary>Stops the server. Called by the main thread; a second call does nothing.</summary>
    public void Dispose()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;

        // A successor that does not serve yet is ended. Responses say Connection: close, and load balancers get time to notice
        // the stop, unless a successor goes on at this address.
        _succession.CancelReplacement();
        bool isReplaced = _succession.QueueOwner == AcceptQueueOwner.Successor;
        _drain.Start(isReplaced);
        if (!isReplaced)
        {
            _server.KeepAccepting(_drainDelay);
        }

        // The connections in the kernel's accept queues are accepted; then the listeners close.
        _server.CloseListeners(_succession.QueueOwner);

        // Requests in flight are answered in full. A connection that was active a moment ago may send one more; the others
        // close. A connection that closes sends FIN and drains first.
        _server.CloseIdleConnections();
        if (!_server.WaitForConnections(_timeout))
        {
            // The timeout has passed, or a second signal came: the remaining requests are cut off, and counted.
            _stop.CutOff();
            _server.CloseAllConnections();
        }

        // The workers have nothing left to do, and are joined in order. What they logged is written.
        _server.Pool.Dispose();
        _log.Dispose();
    }

    /// <summary>
    /// <see cref="Environment.Exit"/>. On the main thread, which cannot leave its scopes, the stop happens here. Another
    /// thread asks for it, and ends the process when the main thread has done it; if it is a worker, nobody waits for it.
    /// </summary>
    private void OnProcessExit(object? sender, EventArgs e)
    {
        bool isMain = Thread.CurrentThread == _main;
        if (!_stop.TryRequestByExit(isMain))
        {
            return;
        }

        if (isMain)
        {
            Dispose();
            return;
        }

        Server.AbandonCurrentThread();
        WorkerPool.AbandonCurrentWorker();
        _stop.WaitForCompletion();
    }
}
