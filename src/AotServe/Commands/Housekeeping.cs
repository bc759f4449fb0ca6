using System;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Workers;

namespace AotServe.Commands;

/// <summary>
/// What the main thread does while it waits for the stop. Some 4 ms after the start it starts what the first requests do without: the other
/// workers, the console's handling of Ctrl-C, the runtime's own thread. Then it looks after the workers as long as they have work.
/// </summary>
internal sealed class Housekeeping(WorkerPool pool, StopSignals signals)
{
    /// <summary>How long the start of the rest is put off, ms: who starts a server to ask it one thing does not wait for that.</summary>
    private const int Delay = 4;

    private const int UntilSignal = -1;

    private long _settlesAt = Environment.TickCount64 + Delay;

    /// <summary>Does what is due, and returns how long nothing else is, ms; −1: until <see cref="WorkerPoolOptions.WatchNeeded"/>.</summary>
    public int Run()
    {
        if (_settlesAt != 0)
        {
            long left = _settlesAt - Environment.TickCount64;
            if (left > 0)
            {
                return (int)left;
            }

            _settlesAt = 0;
            pool.Start();
            signals.RegisterConsole();
            NativeStart.StartRuntimeThread();
        }

        return pool.Look() ? WorkQueue.LookInterval : UntilSignal;
    }

    /// <summary>The stop begins. If that is so soon that not all workers are started, they are now, where there is work for them.</summary>
    public void End()
    {
        (int waiting, int sleeping, int queued) = pool.Count();
        if (_settlesAt != 0 && (queued > 0 || waiting + sleeping < pool.Started))
        {
            pool.Start();
        }
    }
}
