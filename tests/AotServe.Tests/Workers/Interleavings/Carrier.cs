using System;
using System.Threading;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>A thread of the system that lends itself to one <see cref="Fiber"/> after the other, for starting one takes longer than a run.</summary>
internal sealed class Carrier : IDisposable
{
    private readonly SemaphoreSlim _go = new(0);
    private readonly Thread _thread;
    private Fiber? _fiber;
    private bool _isDisposed;

    /// <param name="processor">Where it runs: all of a run are on one, for one of them runs at a time, and to go from one to the next is faster there.</param>
    public Carrier(int processor)
    {
        _thread = new Thread(() => Run(processor), maxStackSize: 256 * 1024) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Runs a fiber from its beginning when it is <see cref="Go"/>'s turn.</summary>
    public void Lend(Fiber fiber) => _fiber = fiber;

    /// <summary>It is this thread's turn.</summary>
    public void Go() => _go.Release();

    /// <summary>Waits until it is the calling thread's turn, which is this one.</summary>
    public void Wait() => _go.Wait();

    public void Dispose()
    {
        _isDisposed = true;
        _go.Release();
        _thread.Join();
        _go.Dispose();
    }

    private void Run(int processor)
    {
        Posix.StayOn(processor);
        while (true)
        {
            _go.Wait();
            if (_isDisposed)
            {
                return;
            }

            _fiber!.RunAll();
        }
    }
}
