using System;
using System.Threading;

namespace AotServe.Lifetime;

/// <summary>
/// The wish that this process stops: one object, given to all who may ask for it. The thread that stops the server waits for
/// it, and does the rest. Any thread may call.
/// </summary>
/// <param name="notifier">Tells the service manager that the stop begins.</param>
/// <param name="longestStop">How long the stop can take at most, for the service manager.</param>
internal sealed class StopRequest(ServiceNotifier notifier, TimeSpan longestStop) : IDisposable
{
    private readonly object _lock = new();
    private readonly CancellationTokenSource _cutOff = new();
    private string? _reason;
    private int _secondSignal;
    private bool _isReplaced;
    private bool _isFailure;
    private bool _ignoredSignalWhenReplaced;
    private bool _isCompleted;
    private bool _isExiting;

    /// <summary>Raised when the stop is asked for, on the thread that asks.</summary>
    public event Action? Requested;

#if TEST_HOOKS
    /// <summary>Run by the main thread when a stop was asked for, in the tests of what may happen there.</summary>
    public Action? OnStop { get; set; }
#endif

    /// <summary>Why the stop was asked for (<c>SIGTERM</c>, …); null before.</summary>
    public string? Reason => Volatile.Read(ref _reason);

    /// <summary>Whether a stop was asked for.</summary>
    public bool IsRequested => Reason is not null;

    /// <summary>Whether the stop was asked for because another server goes on in this one's place.</summary>
    public bool IsReplaced => Volatile.Read(ref _isReplaced);

    /// <summary>Whether the stop was asked for because the server cannot go on.</summary>
    public bool IsFailure => Volatile.Read(ref _isFailure);

    /// <summary>The number of the second signal, which cut everything off; 0 where there was none.</summary>
    public int SecondSignal => Volatile.Read(ref _secondSignal);

    /// <summary>Cancelled when the requests in flight are cut off.</summary>
    public CancellationToken CutOffToken => _cutOff.Token;

    /// <summary>Asks for the stop. The first reason is kept.</summary>
    public void Request(string reason)
    {
        lock (_lock)
        {
            SetReason(reason);
        }

        Requested?.Invoke();
    }

    /// <summary>Asks for the stop because process <paramref name="successor"/> has begun to serve.</summary>
    public void RequestForSuccessor(int successor)
    {
        Volatile.Write(ref _isReplaced, true);
        Request($"replaced by process {successor}");
    }

    /// <summary>Asks for the stop because the server cannot go on. The process then ends with the code of a failure.</summary>
    public void RequestByFailure(string reason)
    {
        Volatile.Write(ref _isFailure, true);
        Request(reason);
    }

    /// <summary>
    /// Asks for the stop because of a signal. The second signal cuts off what is in flight. One signal is ignored by a server
    /// that is being replaced: it was meant for the service, and this process is stopping anyway.
    /// </summary>
    /// <param name="name">Such as <c>SIGTERM</c>.</param>
    /// <param name="number">The signal's number.</param>
    /// <param name="maySeeTwice">
    /// Whether one and the same signal may come here twice, so that this one is no second signal.
    /// </param>
    public void RequestBySignal(string name, int number, bool maySeeTwice)
    {
        bool isSecond = false;
        lock (_lock)
        {
            if (_isReplaced && !_ignoredSignalWhenReplaced)
            {
                _ignoredSignalWhenReplaced = true;
                return;
            }

            if (_reason is not null && _secondSignal == 0 && !maySeeTwice)
            {
                _secondSignal = number;
                isSecond = true;
            }
            else
            {
                SetReason(name);
            }
        }

        if (isSecond)
        {
            CutOff();
        }
        else
        {
            Requested?.Invoke();
        }
    }

    /// <summary>Cuts off the requests in flight.</summary>
    public void CutOff() => _cutOff.Cancel();

    /// <summary>
    /// For a thread inside <see cref="Environment.Exit"/>: asks for the stop. The process then ends with that thread's exit
    /// code. False: the main thread has already stopped the server, and there is nothing to wait for.
    /// </summary>
    public bool TryRequestByExit(bool isMainThread)
    {
        lock (_lock)
        {
            if (_isCompleted)
            {
                return false;
            }

            _isExiting |= !isMainThread;
        }

        Request("Environment.Exit");
        return true;
    }

    /// <summary>Waits until the main thread has disposed of everything.</summary>
    public void WaitForCompletion()
    {
        lock (_lock)
        {
            while (!_isCompleted)
            {
                Monitor.Wait(_lock);
            }
        }
    }

    /// <summary>
    /// Says that everything is disposed of. Called by the main thread. Where <see cref="Environment.Exit"/> on another thread
    /// has asked for the stop, that thread ends the process from here on, with its exit code, and this does not return.
    /// </summary>
    public void Dispose()
    {
        bool isExiting;
        lock (_lock)
        {
            _isCompleted = true;
            isExiting = _isExiting;
            Monitor.PulseAll(_lock);
        }

        if (isExiting)
        {
            Thread.Sleep(Timeout.Infinite);
        }
    }

    /// <summary>Keeps the first reason. Called with the lock held.</summary>
    private void SetReason(string reason)
    {
        if (_reason is null)
        {
            notifier.Stopping(longestStop); // First: after this the main thread may end the process at once.
            Volatile.Write(ref _reason, reason);
        }
    }
}
