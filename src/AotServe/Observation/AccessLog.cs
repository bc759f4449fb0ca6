using System;
using System.Threading;

namespace AotServe.Observation;

/// <summary>
/// Writes the lines of all threads, by one thread of its own, in batches: at the latest 200 ms after a line was added. Where the output does not keep
/// up, lines find no room in their ring and are dropped and counted; nobody who answers a client waits.
/// </summary>
internal sealed class AccessLog : IDisposable
{
    private const string ThreadName = "access log";

    /// <summary>How long lines are gathered, ms.</summary>
    private const int BatchTime = 200;

    /// <summary>How soon an output that could not be written to is tried again, ms.</summary>
    private const int RetryTime = 1_000;

    /// <summary>The least time between two reports of dropped lines, ms.</summary>
    private const long ReportTime = 10_000;

    /// <summary>How long the end goes on without a byte being taken, ms.</summary>
    private const long MostIdleAtEnd = 1_000;

    private readonly object _lock = new();
    private readonly LogOutput _output;
    private readonly Action<string> _report;
    private readonly TimeSpan _stopTime;
    private readonly Action<string>? _threadStarted;
    private readonly Thread _thread;
    private LogRing[] _rings = [];
    private volatile bool _awaitsFirst;
    private volatile bool _isUrgent;
    private bool _isReopenAsked;
    private bool _isClosing;
    private bool _isStarted;
    private bool _isDisposed;
    private string? _trouble;
    private long _missed;
    private long _droppedReported;
    private long _nextReport;

    /// <summary>Opens nothing and starts nothing yet.</summary>
    /// <param name="file">See <see cref="AccessLogOptions.File"/>.</param>
    /// <param name="report">Told in one line what is wrong. Must not throw.</param>
    /// <param name="stopTime">How long the end may take.</param>
    /// <param name="threadStarted">Called first on the thread, with its name; may be null.</param>
    public AccessLog(string file, Action<string> report, TimeSpan stopTime, Action<string>? threadStarted = null)
    {
        _output = LogOutput.Create(file);
        _report = report;
        _stopTime = stopTime;
        _threadStarted = threadStarted;
        _thread = new Thread(Run) { Name = ThreadName, IsBackground = true };
    }

    /// <summary>How many lines were added so far.</summary>
    public long Lines => Sum(static ring => ring.Lines);

    /// <summary>How many lines were dropped so far.</summary>
    public long Dropped => Sum(static ring => ring.Dropped) + Interlocked.Read(ref _missed);

    /// <summary>Opens the output. Null, or what is wrong. A FIFO that nobody reads is tried again later.</summary>
    public string? Open() => _output.Open() is { } error and not LogOutput.NoReader ? error : null;

    /// <summary>Starts the thread. Called once.</summary>
    public void Start()
    {
        _isStarted = true;
        _thread.Start();
    }

    /// <summary>Makes a ring for the lines of the calling thread.</summary>
    public LogRing AddRing()
    {
        var ring = new LogRing();
        lock (_lock)
        {
            _rings = [.. _rings, ring];
        }

        return ring;
    }

    /// <summary>Has the line written that the calling thread has just added to its ring.</summary>
    public void Added(LogRing ring)
    {
        if (!_awaitsFirst && (_isUrgent || !ring.IsUrgent))
        {
            return;
        }

        lock (_lock)
        {
            _awaitsFirst = false;
            _isUrgent |= ring.IsUrgent;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Counts lines that could not be made.</summary>
    public void Miss(int count) => Interlocked.Add(ref _missed, count);

    /// <summary>Opens the file anew: another one is to be at its path. What was added before is written to the old one.</summary>
    public void Reopen()
    {
        lock (_lock)
        {
            _isReopenAsked = true;
            Monitor.Pulse(_lock);
        }
    }

    /// <summary>Writes all that was added, as far as the output takes it in time, and ends the thread. Called when nobody adds any more.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        lock (_lock)
        {
            _isClosing = true;
            Monitor.Pulse(_lock);
        }

        if (!_isStarted || _thread.Join(_stopTime > TimeSpan.Zero ? _stopTime : TimeSpan.FromMilliseconds(MostIdleAtEnd)))
        {
            _output.Dispose();
        }
    }

    private void Run()
    {
        _threadStarted?.Invoke(ThreadName);
        bool isClosing;
        do
        {
            isClosing = AwaitLines(out bool isReopenAsked);
            Write();
            if (isReopenAsked && _output.Open() is { } error)
            {
                _report($"access log: {_output.Name} cannot be opened anew: {error}; the old one is still written to");
            }

            ReportDropped(isClosing);
        }
        while (!isClosing);
        WriteRest();
    }

    /// <summary>Waits until there are lines, and then for more. True: it was the last time.</summary>
    private bool AwaitLines(out bool isReopenAsked)
    {
        lock (_lock)
        {
            if (_trouble is null)
            {
                // Whoever adds a line and does not see that this waits has added it before the barrier, on every processor.
                _awaitsFirst = true;
                Interlocked.MemoryBarrierProcessWide();
                while (Left == 0 && _awaitsFirst && !_isClosing && !_isReopenAsked)
                {
                    Monitor.Wait(_lock);
                }

                _awaitsFirst = false;
            }

            long end = Environment.TickCount64 + (_trouble is null ? BatchTime : RetryTime);
            while (!_isClosing && !_isReopenAsked && !(_isUrgent && _trouble is null) && end - Environment.TickCount64 is > 0 and long left)
            {
                Monitor.Wait(_lock, (int)left);
            }

            _isUrgent = false;
            isReopenAsked = _isReopenAsked;
            _isReopenAsked = false;
            return _isClosing;
        }
    }

    private void Write()
    {
        string? error = _output.Write(Volatile.Read(ref _rings));
        if (error is not null && _trouble is null)
        {
            _report($"access log: {_output.Name} takes no lines: {error}" + "; they are dropped when there is no more room, and it is tried again"u8.Text());
        }
        else if (error is null && _trouble is not null)
        {
            _report($"access log: {_output.Name} takes lines again");
        }

        _trouble = error;
    }

    /// <summary>What is left at the end: for as long as the output takes some of it, and for a moment more.</summary>
    private void WriteRest()
    {
        long lastTaken = Environment.TickCount64;
        for (long left = Left; left > 0 && Environment.TickCount64 - lastTaken < MostIdleAtEnd;)
        {
            Write();
            long now = Left;
            if (now == left)
            {
                Thread.Sleep(BatchTime / 10);
                continue;
            }

            (left, lastTaken) = (now, Environment.TickCount64);
        }

        if (Left > 0)
        {
            _report($"access log: {Left} bytes were left that {_output.Name} did not take");
        }
    }

    private long Left => Sum(static ring => ring.Length);

    private void ReportDropped(bool isLast)
    {
        long dropped = Dropped;
        long now = Environment.TickCount64;
        if (dropped > _droppedReported && (now >= _nextReport || isLast))
        {
            _report($"access log: {dropped - _droppedReported} lines dropped: {_output.Name} does not keep up");
            _droppedReported = dropped;
            _nextReport = now + ReportTime;
        }
    }

    private long Sum(Func<LogRing, long> value)
    {
        long sum = 0;
        foreach (LogRing ring in Volatile.Read(ref _rings))
        {
            sum += value(ring);
        }

        return sum;
    }
}
