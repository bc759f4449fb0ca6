using System;
using System.Collections.Generic;
using System.Threading;
using AotServe.Workers;

namespace AotServe.Sites.Access;

/// <summary>
/// The passwords that wait to be hashed, and the threads that hash them: no worker does. Networks from which somebody has signed
/// in go first, and among equals the one with the fewest passwords hashed lately, so that one who guesses cannot keep others out,
/// from however many addresses of a network. Any thread may call.
/// </summary>
internal sealed class SignInQueue : IDisposable
{
    /// <summary>How many threads there are as a rule: one processor is left to the workers, where there is more than one.</summary>
    public static readonly int UsualThreads = Math.Clamp(Environment.ProcessorCount - 1, 1, MostThreads);

    /// <summary>The most passwords that wait. Own choice: each costs a tenth of a second or more.</summary>
    private const int MostWaiting = 256;

    /// <summary>How long a password waits before its client is told that the server is busy, ms. Own choice.</summary>
    private const long LongestWait = 20_000;

    /// <summary>How long it is remembered how many passwords of a network were hashed, ms.</summary>
    private const long Memory = 60_000;

    /// <summary>The most threads. Own choice.</summary>
    private const int MostThreads = 8;

    private readonly object _lock = new();
    private readonly List<PasswordCheck> _waiting = [];
    private readonly List<PasswordCheck> _current = [];
    private readonly NetworkCounts _queued = new();
    private readonly NetworkCounts _hashed = new();
    private readonly NetworkCounts _signedIn = new();
    private readonly BackgroundThreads _threads;
    private long _forgetAt;

    /// <summary>Starts nothing yet.</summary>
    /// <param name="threads">The most threads.</param>
    /// <param name="options">What they have in common with others.</param>
    public SignInQueue(int threads, BackgroundThreadOptions options) =>
        _threads = new BackgroundThreads("passwords", threads, _lock, Take, options);

    /// <summary>Cancelled when a password is not to be hashed to the end.</summary>
    public CancellationToken Closing => _threads.Closing;

    /// <summary>
    /// Queues a password. Where the queue is full, one of the network that has most in it is refused: perhaps this one.
    /// </summary>
    public void Add(PasswordCheck check)
    {
        PasswordCheck? refused = null;
        lock (_lock)
        {
            _waiting.Add(check);
            _queued.Add(check.Client, 1);
            if (_waiting.Count > MostWaiting)
            {
                refused = RemoveAt(IndexOfHeaviest());
            }

            if (refused != check)
            {
                _threads.Wake();
            }
        }

        refused?.Refuse();
    }

    /// <summary>A password that waits, or is being hashed, and is the same; null: none is. So those who send it at once have one try and one hash.</summary>
    public PasswordCheck? Find(Accounts accounts, ReadOnlySpan<byte> code, ulong client)
    {
        lock (_lock)
        {
            return Find(_waiting, accounts, code, client) ?? Find(_current, accounts, code, client);
        }
    }

    /// <summary>A password was hashed, or is not going to be.</summary>
    public void Remove(PasswordCheck check)
    {
        lock (_lock)
        {
            _current.Remove(check);
        }
    }

    /// <summary>Remembers that somebody has signed in from there.</summary>
    public void NoteSignedIn(ulong client)
    {
        lock (_lock)
        {
            _signedIn.Add(client, 1);
        }
    }

    /// <summary>Ends the threads. What waits is never hashed.</summary>
    public void Dispose() => _threads.Dispose();

    private static PasswordCheck? Find(List<PasswordCheck> checks, Accounts accounts, ReadOnlySpan<byte> code, ulong client)
    {
        foreach (PasswordCheck check in checks)
        {
            if (check.IsOf(accounts, code, client))
            {
                return check;
            }
        }

        return null;
    }

    /// <summary>Takes the password that is hashed next. Called under the lock.</summary>
    private IThreadPoolWorkItem? Take()
    {
        long now = Environment.TickCount64;
        if (now >= _forgetAt)
        {
            _hashed.Clear();
            _forgetAt = now + Memory;
        }

        if (_waiting.Count == 0)
        {
            return null;
        }

        int next = 0;
        for (int i = 1; i < _waiting.Count; i++)
        {
            next = IsBefore(_waiting[i].Client, _waiting[next].Client) ? i : next;
        }

        PasswordCheck check = RemoveAt(next);
        if (now - check.QueuedAt > LongestWait)
        {
            return new Refusal(check);
        }

        _hashed.Add(check.Client, 1);
        _current.Add(check);
        return check;
    }

    /// <summary>Whether a client goes before one that came earlier.</summary>
    private bool IsBefore(ulong client, ulong other)
    {
        int order = RankOf(client).CompareTo(RankOf(other));
        for (int size = 0; size < NetworkCounts.Sizes && order == 0; size++)
        {
            order = _hashed.Of(client, size).CompareTo(_hashed.Of(other, size));
        }

        return order < 0;
    }

    /// <summary>0: somebody has signed in from that address or /64. 1: from a network around it. 2: from none.</summary>
    private int RankOf(ulong client) => _signedIn.Of(client, NetworkCounts.Sizes - 1) > 0 ? 0 : _signedIn.Of(client, 0) > 0 ? 1 : 2;

    /// <summary>The last that came of the networks that have most in the queue and were hashed most.</summary>
    private int IndexOfHeaviest()
    {
        int heaviest = _waiting.Count - 1;
        for (int i = heaviest - 1; i >= 0; i--)
        {
            heaviest = IsHeavier(_waiting[i].Client, _waiting[heaviest].Client) ? i : heaviest;
        }

        return heaviest;
    }

    private bool IsHeavier(ulong client, ulong other)
    {
        int order = RankOf(client).CompareTo(RankOf(other));
        for (int size = 0; size < NetworkCounts.Sizes && order == 0; size++)
        {
            order = (_queued.Of(client, size) + _hashed.Of(client, size)).CompareTo(_queued.Of(other, size) + _hashed.Of(other, size));
        }

        return order > 0;
    }

    private PasswordCheck RemoveAt(int index)
    {
        PasswordCheck check = _waiting[index];
        _waiting.RemoveAt(index);
        _queued.Add(check.Client, -1);
        return check;
    }

    /// <summary>Tells a client that has waited for too long; not under the lock.</summary>
    private sealed class Refusal(PasswordCheck check) : IThreadPoolWorkItem
    {
        public void Execute() => check.Refuse();
    }
}
