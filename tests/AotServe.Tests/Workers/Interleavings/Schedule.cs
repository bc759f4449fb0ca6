using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// One run of a scenario. One fiber runs at a time. Before each operation on shared memory it asks here who is next, so a run is its
/// choices, and the same choices give the same run. Locks and conditions are kept here; no thread of the system ever blocks in them.
/// </summary>
/// <param name="chooser">Makes the choices.</param>
/// <param name="carriers">The threads.</param>
internal sealed class Schedule(IChooser chooser, Carriers carriers)
{
    /// <summary>More steps than any run needs: one that takes more goes round in a circle.</summary>
    private const int MostSteps = 20_000;

    private readonly Dictionary<(object Owner, string Name), SharedPlace> _places = new(PlaceComparer.Instance);
    private readonly List<Fiber> _fibers = [];
    private readonly List<(Fiber Fiber, string What, string Where)> _trace = [];
    private readonly SemaphoreSlim _over = new(0);
    private readonly Fiber[] _able = new Fiber[16];
    private ulong _state;
    private bool _isExploring;

    /// <summary>What is wrong; null: nothing so far.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether the fibers are only to end, because there is a fault.</summary>
    public bool IsAbandoned => Fault is not null;

    /// <summary>How many operations on shared memory there were.</summary>
    public int Steps => _trace.Count;

    /// <summary>Runs it. Called by a thread that is not a fiber.</summary>
    /// <param name="main">The first fiber, which starts the others.</param>
    public void Run(Action main)
    {
        Fiber first = Add("main", main, isWorker: false);
        first.Carrier.Go();
        _over.Wait();
        foreach (Fiber fiber in _fibers)
        {
            carriers.GiveBack(fiber.Carrier, fiber.IsWorker);
        }
    }

    /// <summary>From now on the chooser is asked. Before, everybody runs as long as he can.</summary>
    public void Explore() => _isExploring = true;

    /// <summary>Starts a fiber. Called by a fiber.</summary>
    public Fiber Start(string name, Action body, bool isWorker)
    {
        Fiber started = Add(name, body, isWorker);
        SetPast(started, Mix(Fiber.Current.Past, 1));
        SetPast(Fiber.Current, Mix(Fiber.Current.Past, 2));
        return started;
    }

    /// <summary>The place of that name in an object.</summary>
    public SharedPlace Place(object owner, string name)
    {
        if (!_places.TryGetValue((owner, name), out SharedPlace? place))
        {
            place = new SharedPlace(name);
            _places.Add((owner, name), place);
        }

        return place;
    }

    /// <summary>The calling fiber is going to do something that others can see or that depends on what others did.</summary>
    /// <param name="what">What.</param>
    /// <param name="where">To what.</param>
    /// <param name="condition">What has to hold first; holds when this returns.</param>
    /// <param name="rank">See <see cref="Fiber.Rank"/>.</param>
    public void Point(string what, string where, Func<bool>? condition = null, int rank = 0)
    {
        Fiber me = Fiber.Current;
        ThrowIfAbandoned();
        me.Condition = condition;
        me.Rank = rank;
        if (Steps > MostSteps)
        {
            Fail("It does not end.");
        }

        Fiber? next = Next(me);
        if (next is null)
        {
            _trace.Add((me, what, where));
            Fail("Everybody waits.");
        }

        if (next != me)
        {
            next!.Carrier.Go();
            me.Carrier.Wait();
            ThrowIfAbandoned();
        }

        me.Condition = null;
        me.Rank = 0;
        SetPast(me, Mix(me.Past, 8)); // It is somewhere else now, even where it sees nothing new.
        _trace.Add((me, what, where));
    }

    /// <summary>The calling fiber has read a place.</summary>
    public void NoteRead(SharedPlace place)
    {
        Fiber me = Fiber.Current;
        if (place.HiddenBy is null || place.HiddenBy != me)
        {
            ulong read = Mix(me.Past, place.Written);
            SetPast(me, read);
            place.Read += read;
        }
    }

    /// <summary>The calling fiber has written to a place, and all see it.</summary>
    public void NoteWrite(SharedPlace place)
    {
        Fiber me = Fiber.Current;
        ulong written = Mix(Mix(me.Past, place.Written), place.Read + 3);
        SetPast(me, written);
        place.Written = written;
        place.Read = 0;
    }

    /// <summary>The calling fiber has seen what all others have done.</summary>
    public void NoteAll() => SetPast(Fiber.Current, Mix(Fiber.Current.Past, _state));

    /// <summary>Whether the write that the calling fiber is about to do stays hidden from others.</summary>
    public bool Hides(SharedPlace place)
    {
        Fiber me = Fiber.Current;
        if (!_isExploring || !chooser.Hides(Mix(_state, me.Past + 4)))
        {
            return false;
        }

        SetPast(me, Mix(me.Past, 5));
        if (place.HiddenBy != me)
        {
            place.HiddenBy = me;
            me.Hidden.Add(place);
        }

        _trace.Add((me, "hides", place.Name));
        return true;
    }

    /// <summary>All see from now on what the calling fiber has written. Others may run before that.</summary>
    public void Drain()
    {
        if (Fiber.Current.Hidden.Count > 0)
        {
            Point("drains", "its writes");
        }

        Show(Fiber.Current);
    }

    /// <summary>All see from now on what anybody has written. Others may run before that.</summary>
    public void DrainAll()
    {
        Point("drains", "all writes");
        _fibers.ForEach(Show);
        NoteAll();
    }

    /// <summary>A fault was found: all fibers end.</summary>
    public void Fail(string fault)
    {
        Note(fault);
        throw new AbandonedRunException();
    }

    /// <summary>A fault was found; the fiber goes on to its next point.</summary>
    public void Note(string fault) => Fault ??= fault;

    public void ThrowIfAbandoned()
    {
        if (IsAbandoned)
        {
            throw new AbandonedRunException();
        }
    }

    /// <summary>A fiber has ended. Called on its thread, as the last thing.</summary>
    public void End(Fiber fiber)
    {
        fiber.HasEnded = true;
        Fiber? next = IsAbandoned ? _fibers.Find(other => !other.HasEnded) : Next(null);
        if (next is null && _fibers.Find(other => !other.HasEnded) is { } waiting)
        {
            Note("Everybody waits.");
            next = waiting;
        }

        if (next is null)
        {
            _over.Release();
            return;
        }

        next.Carrier.Go();
    }

    /// <summary>What happened, a line for each time that another one ran.</summary>
    public string Story()
    {
        var story = new StringBuilder();
        Fiber? last = null;
        (Fiber, string, string)? before = null;
        foreach ((Fiber fiber, string what, string where) in _trace)
        {
            if (before == (fiber, what, where))
            {
                continue; // One after the other of the places for a worker's own items.
            }

            before = (fiber, what, where);
            _ = fiber == last ? story.Append(", ") : story.Append('\n').Append(fiber.Name).Append(": ");
            _ = story.Append(what).Append(' ').Append(where);
            last = fiber;
        }

        foreach (Fiber fiber in _fibers)
        {
            _ = fiber.HasEnded ? null : story.Append('\n').Append(fiber.Name).Append(" has not ended");
        }

        return story.ToString();
    }

    /// <summary>Mixes two numbers into one that stands for both, in this order.</summary>
    public static ulong Mix(ulong a, ulong b)
    {
        ulong mixed = (a * 0x9E3779B97F4A7C15) ^ (b + 0x632BE59BD9B4E019 + (a << 6) + (a >> 2));
        mixed = (mixed ^ (mixed >> 31)) * 0xBF58476D1CE4E5B9;
        return mixed ^ (mixed >> 29);
    }

    private void Show(Fiber fiber)
    {
        foreach (SharedPlace place in fiber.Hidden)
        {
            place.HiddenBy = null;
            place.Old = null;
            NoteWrite(place);
        }

        fiber.Hidden.Clear();
    }

    private Fiber Add(string name, Action body, bool isWorker)
    {
        Carrier carrier = carriers.Take(isWorker);
        var fiber = new Fiber(this, name, isWorker, carrier, body);
        carrier.Lend(fiber);
        _fibers.Add(fiber);
        return fiber;
    }

    /// <summary>Who goes on: the running one if it can and nothing else is chosen; null: nobody can.</summary>
    private Fiber? Next(Fiber? running)
    {
        int count = 0;
        for (int rank = 0; rank <= 3 && count == 0; rank++)
        {
            if (running is not null && IsAble(running, rank))
            {
                _able[count++] = running;
            }

            foreach (Fiber fiber in _fibers)
            {
                if (fiber != running && IsAble(fiber, rank))
                {
                    _able[count++] = fiber;
                }
            }
        }

        if (count <= 1 || !_isExploring)
        {
            return count == 0 ? null : _able[0];
        }

        bool isFree = _able[0] != running;
        ulong state = Mix(_state, isFree ? 6 : running!.Past);
        return _able[chooser.Next(_able.AsSpan(0, count), isFree, state)];
    }

    private static bool IsAble(Fiber fiber, int rank) => !fiber.HasEnded && fiber.Rank == rank && (fiber.Condition?.Invoke() ?? true);

    private void SetPast(Fiber fiber, ulong past)
    {
        _state += Mix(past, 7) - Mix(fiber.Past, 7);
        fiber.Past = past;
    }
}
