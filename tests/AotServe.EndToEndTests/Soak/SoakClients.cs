using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;

namespace AotServe.EndToEndTests.Soak;

/// <summary>The clients of a soak, each on a thread of its own and with random numbers of its own.</summary>
internal sealed class SoakClients : IDisposable
{
    private readonly List<Thread> _threads = [];
    private readonly SoakTally _tally;
    private volatile bool _isEnding;
    private volatile bool _mayRefuse;

    /// <summary>Starts some of every kind.</summary>
    public SoakClients(int port, SoakSite site, SoakTally tally, int seed)
    {
        _tally = tally;
        int number = 0;
        foreach ((string? kind, int count, Func<int, SoakSite, SoakTally, Random, SoakHabit>? create) in SoakHabits.All)
        {
            for (int i = 0; i < count; i++)
            {
                var random = new Random(HashCode.Combine(0, seed) ^ number++);
                var thread = new Thread(() => Run(kind, create(port, site, tally, random))) { IsBackground = true, Name = kind };
                _threads.Add(thread);
                thread.Start();
            }
        }
    }

    /// <summary>From now on a client that finds the port closed has done its work.</summary>
    public void MayBeRefused() => _mayRefuse = true;

    /// <summary>Ends them, each after what it is about.</summary>
    public void Dispose()
    {
        _isEnding = true;
        _threads.ForEach(thread => thread.Join());
    }

    private void Run(string kind, SoakHabit habit)
    {
        using (habit)
        {
            while (!_isEnding)
            {
                try
                {
                    habit.Act();
                    _tally.Count(kind);
                }
                catch (StoppedException) when (_mayRefuse)
                {
                    return;
                }
                catch (Exception e) when (e is SocketException or IOException or InvalidDataException or FormatException
                    or StoppedException or InvalidOperationException or Xunit.Sdk.XunitException)
                {
                    _tally.Fail($"{kind}: {e.GetType().Name} {e.Message}");
                }
            }
        }
    }
}
