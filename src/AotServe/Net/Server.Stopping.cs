using System;
using System.Threading;

namespace AotServe.Net;

/// <content>The stop: from "go elsewhere" to the cut-off of what is left.</content>
internal sealed partial class Server
{
    /// <summary>
    /// Goes on accepting and answering for <paramref name="delay"/>, or until a cut-off, but has clients go elsewhere for
    /// their next request. Called by the thread that stops, which waits.
    /// </summary>
    public void Drain(TimeSpan delay)
    {
        _draining = true;
        long end = Environment.TickCount64 + (long)delay.TotalMilliseconds;
        lock (_stop)
        {
            while (!_cutOff && end - Environment.TickCount64 is > 0 and long left)
            {
                Monitor.Wait(_stop, (int)left);
            }
        }
    }

    /// <summary>
    /// Begins the stop: what the kernel has queued is accepted, then nobody else; connections that are idle learn of it.
    /// </summary>
    /// <param name="share">Whose the queues are.</param>
    public void BeginStop(AcceptQueueOwner share)
    {
        StopTime = Environment.TickCount64;
        _draining = true;
        _stopping = true;
        foreach (Listener listener in _listeners)
        {
            listener.Close(share);
        }

        Volatile.Write(ref _nextSweep, 0);
        TurnEach();
        Poller.Wake();
    }

    /// <summary>Waits until no connection is left, or for <paramref name="milliseconds"/>, or until a cut-off.</summary>
    /// <returns>Whether none is left.</returns>
    public bool WaitUntilDrained(long milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        lock (_stop)
        {
            while (Connections > 0 && !_cutOff)
            {
                long left = end - Environment.TickCount64;
                if (left <= 0)
                {
                    return false;
                }

                Monitor.Wait(_stop, (int)Math.Min(left, int.MaxValue));
            }
        }

        return Connections == 0;
    }

    /// <summary>
    /// Cuts off what is left: every connection closes at its next turn, handlers that wait are told. Any thread may call.
    /// </summary>
    public void CutOff()
    {
        lock (_stop)
        {
            if (_cutOff)
            {
                return;
            }

            for (int slot = 0; slot < _table.Extent; slot++)
            {
                if (_table[slot] is Connection { IsInFlight: true })
                {
                    RequestsCutOff++;
                }
            }

            _cutOff = true;
            Monitor.PulseAll(_stop);
        }

        _cutOffSource.Cancel();
        TurnEach();
    }

    /// <summary>Gives up the connection that the calling thread is handling, since the thread will not come back.</summary>
    public static void AbandonCurrentThread() => WorkerContext.Current.Connection?.Close();

    /// <summary>Gives every connection a turn: the idle ones now, the others after what they are doing.</summary>
    private void TurnEach()
    {
        for (int slot = 0; slot < _table.Extent; slot++)
        {
            if (_table[slot] is Connection connection && connection.TryOwn())
            {
                Queue(connection);
            }
        }
    }
}
