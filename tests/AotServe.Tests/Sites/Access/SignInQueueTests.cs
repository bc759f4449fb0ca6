using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using AotServe.Http;
using AotServe.Sites.Access;
using AotServe.Workers;
using Xunit;

namespace AotServe.Tests.Sites.Access;

/// <summary>
/// Whose password is hashed next, and who is refused. The one thread is held back until all passwords of a test are queued, so
/// that the order is that of the queue alone.
/// </summary>
public sealed class SignInQueueTests : IDisposable
{
    private readonly ManualResetEventSlim _gate = new();
    private readonly SignInQueue _queue;
    private readonly Accounts _accounts;
    private readonly List<string> _done = [];
    private readonly List<PasswordCheck> _checks = [];

    public SignInQueueTests()
    {
        _queue = new SignInQueue(1, new BackgroundThreadOptions { ThreadStarted = _ => _gate.Wait() });
        string hash = PasswordHash.Make("right"u8, new byte[16], 1_000).ToString();
        Assert.True(UserFile.TryParse("users", $"ann:{hash}", out UserFile? users, out _));
        _accounts = new Accounts(users);
    }

    public void Dispose()
    {
        _gate.Set();
        _queue.Dispose();
        _gate.Dispose();
    }

    [Fact]
    public void Networks_take_turns_whatever_one_of_them_has_queued()
    {
        Add("a", V4(10, 0, 0, 1), 3);
        Add("b", V4(10, 0, 1, 1), 2);
        Add("c", V4(10, 0, 2, 1), 1);
        Assert.Equal(["a", "b", "c", "a", "b", "a"], Run());
    }

    [Fact]
    public void Addresses_of_one_24_are_one_network_and_take_turns_in_it()
    {
        Add("a1", V4(10, 0, 0, 1), 2);
        Add("a2", V4(10, 0, 0, 2), 2);
        Add("b", V4(10, 0, 1, 1), 2);
        Assert.Equal(["a1", "b", "a2", "b", "a1", "a2"], Run());
    }

    [Fact]
    public void The_networks_of_a_48_and_a_56_share_its_turns()
    {
        Add("a", 0x2001_0db8_0001_0000, 2);
        Add("a, another /64", 0x2001_0db8_0001_0001, 1);
        Add("a, another /56", 0x2001_0db8_0001_0100, 1);
        Add("b", 0x2001_0db8_0002_0000, 4);
        Assert.Equal(["a", "b", "a, another /56", "b", "a, another /64", "b", "a", "b"], Run());
    }

    [Fact]
    public void Who_has_signed_in_before_goes_first_and_its_neighbours_next()
    {
        ulong known = V4(10, 0, 3, 1);
        _queue.NoteSignedIn(known);
        Add("stranger", V4(10, 0, 0, 1), 2);
        Add("neighbour", V4(10, 0, 3, 2), 1);
        Add("known", known, 2);
        Assert.Equal(["known", "known", "neighbour", "stranger", "stranger"], Run());
    }

    [Fact]
    public void Where_the_queue_is_full_the_network_with_the_most_is_refused_and_others_come_in()
    {
        // 40 addresses of one network, which are queued until the queue is full, and beyond.
        for (int i = 0; i < 400; i++)
        {
            Add("many", V4(10, 0, 0, (byte)(i % 40)), 1);
        }

        Assert.Equal(144, _checks.Count(check => check.IsDone));
        for (byte i = 0; i < 80; i++)
        {
            Add("one", V4(192, 168, i, 1), 1);
        }

        List<string> order = Run();
        Assert.All(_checks.Where(check => check.Client > V4(192, 168, 0, 0)), check => Assert.Equal(PasswordCheckResult.Wrong, check.Result));
        Assert.Equal(256, _checks.Count(check => check.Result == PasswordCheckResult.Wrong));
        Assert.Equal(224, _checks.Count(check => check.Result == PasswordCheckResult.Busy));
        Assert.Equal(80, order.Skip(order.IndexOf("one")).Take(80).Count(name => name == "one"));
    }

    [Fact]
    public void A_right_password_is_remembered_and_so_is_where_it_came_from()
    {
        ulong ann = V4(10, 9, 9, 9);
        PasswordCheck check = Add("ann", ann, 1, "ann:right");
        _gate.Set();
        Eventually.Holds(() => check.IsDone, "the password is hashed");
        Assert.Equal(PasswordCheckResult.Right, check.Result);
        Assert.True(_accounts.Verified.Contains(Code, Environment.TickCount64));
    }

    private static byte[] Code => [.. Enumerable.Range(0, Sha256.HashLength).Select(i => (byte)i)];

    private static ulong V4(byte a, byte b, byte c, byte d) => ((ulong)a << 24) | ((ulong)b << 16) | ((ulong)c << 8) | d;

    private PasswordCheck Add(string name, ulong client, int times, string credentials = "bob:wrong")
    {
        PasswordCheck? check = null;
        for (int i = 0; i < times; i++)
        {
            check = new PasswordCheck(_queue, _accounts, Encoding.ASCII.GetBytes(credentials), 3, Code, client);
            check.TryAdd(new Recorder(_done, name));
            _checks.Add(check);
            _queue.Add(check);
        }

        return check!;
    }

    /// <summary>Lets the thread go, and gives the order in which the passwords were hashed, without those refused before.</summary>
    private List<string> Run()
    {
        int refused;
        lock (_done)
        {
            refused = _done.Count;
        }

        _gate.Set();
        Eventually.Holds(() => _checks.All(check => check.IsDone), "all passwords are hashed or refused");
        Eventually.Holds(() => Count() == _checks.Count, "all who waited are told");
        return _done[refused..];
    }

    private int Count()
    {
        lock (_done)
        {
            return _done.Count;
        }
    }

    private sealed class Recorder(List<string> done, string name) : IResumable
    {
        public void Resume()
        {
            lock (done)
            {
                done.Add(name);
            }
        }
    }
}
