using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading;

namespace AotServe.Attacks;

/// <summary>
/// A client that does nothing wrong, from an address of its own: it asks every 10 ms, on one connection or on a new one each
/// time, and notes how long it waits.
/// </summary>
internal sealed class NormalClient : IDisposable
{
    private readonly RunningTarget _server;
    private readonly string _target;
    private readonly string _fields;
    private readonly bool _isNew;
    private readonly List<double> _waits = [];
    private readonly Thread _thread;
    private volatile bool _isOver;

    public NormalClient(RunningTarget server, string target, bool isNew = false, string fields = "", string source = "127.0.0.2")
    {
        (_server, _target, _isNew, _fields) = (server, target, isNew, fields);
        _thread = new Thread(() => Run(source)) { Priority = ThreadPriority.Highest };
        _thread.Start();
    }

    /// <summary>How many answers were not 200, or did not come.</summary>
    public int Failed { get; private set; }

    /// <summary>The wait that so many of a thousand requests did not exceed, ms. Ends the client.</summary>
    public double Wait(int permille)
    {
        Dispose();
        _waits.Sort();
        return _waits.Count == 0 ? double.PositiveInfinity : _waits[Math.Min(_waits.Count - 1, _waits.Count * permille / 1000)];
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
    }

    private void Run(string source)
    {
        Socket? kept = null;
        while (!_isOver)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                byte[] answer = _isNew
                    ? _server.Ask(_target, source, "GET", _fields)
                    : RunningTarget.Ask(kept ??= _server.Connect(source), _target, "GET", _fields);
                Failed += RunningTarget.StatusOf(answer) == 200 ? 0 : 1;
            }
            catch (SocketException)
            {
                Failed++;
                kept = null;
            }

            _waits.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            Thread.Sleep(10);
        }

        kept?.Dispose();
    }
}
