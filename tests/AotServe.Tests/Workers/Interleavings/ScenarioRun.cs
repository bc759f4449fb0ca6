using System;
using System.Collections.Generic;
using System.Linq;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>One run of a <see cref="Scenario"/>, and what has to hold in each: see <see cref="InterleavingTests"/>.</summary>
internal sealed class ScenarioRun
{
    private readonly Scenario _scenario;
    private readonly Schedule _schedule;
    private readonly Func<object?[], IExploredPool> _make;
    private readonly ExploredSource? _source;
    private readonly Dictionary<string, ScenarioItem> _items = [];
    private readonly List<object> _running = [];
    private readonly List<object> _workers = [];
    private readonly ScenarioBytes _bytes;
    private IExploredPool? _pool;
    private bool _isClosing;
    private bool _isOver;
    private bool _isWatchNeeded;

    /// <param name="scenario">What happens.</param>
    /// <param name="schedule">In which order.</param>
    /// <param name="make">Makes the pool.</param>
    public ScenarioRun(Scenario scenario, Schedule schedule, Func<object?[], IExploredPool> make)
    {
        _scenario = scenario;
        _schedule = schedule;
        _make = make;
        _bytes = new ScenarioBytes(schedule);
        _source = scenario.MostWaiting == 0 ? null : new ExploredSource(schedule, scenario.MostWaiting);
    }

    private IExploredPool Pool => _pool ?? throw new InvalidOperationException("There is no pool yet.");

    /// <summary>The first fiber.</summary>
    public void Main()
    {
        if (_scenario.IsFresh)
        {
            _schedule.Explore();
        }

        _pool = _make([_scenario.Workers, _scenario.MostActive, _source, (Action<Exception>)OnFault, (Action)OnWatchNeeded]);
        if (!_scenario.IsFresh)
        {
            _schedule.Point("sees", "a settled pool", rank: 3);
            _schedule.Explore();
        }

        if (_scenario.Looks >= 0 && _scenario.LooksFirst)
        {
            _ = _schedule.Start("watcher", Watch, isWorker: false);
        }

        for (int i = 0; i < _scenario.Outside.Length; i++)
        {
            string[][] steps = _scenario.Outside[i];
            _ = _schedule.Start($"outside {i + 1}", () => RunOutside(steps), isWorker: false);
        }

        if (_scenario.Looks >= 0 && !_scenario.LooksFirst)
        {
            _ = _schedule.Start("watcher", Watch, isWorker: false);
        }

        _schedule.Point("sees", "that nothing goes on", rank: 3);
        _schedule.NoteAll();
        CheckNothingIsLeft();
        if (!_isClosing)
        {
            CheckWhoIsActive();
            _isClosing = true;
            Pool.Dispose();
        }

        _isOver = true;
        Note("over");
    }

    /// <summary>A worker runs an item.</summary>
    public void Execute(ScenarioItem item)
    {
        _schedule.Point("begins", item.Name);
        Note("running");
        _schedule.NoteWrite(_schedule.Place(item, "ran"));
        if (item.HasRun)
        {
            _schedule.Fail($"{item.Name} has run twice.");
        }

        item.HasRun = true;
        object worker = Pool.CurrentWorker;
        Begin(worker);
        bool hasFound = false;
        foreach (string[] step in item.Steps)
        {
            RunStep(step, worker, ref hasFound);
        }

        _schedule.Point("ends", item.Name);
        Note("running");
        _ = _running.Remove(worker);
    }

    private void RunStep(string[] step, object worker, ref bool hasFound)
    {
        ScenarioItem? other = step.Length > 1 ? Item(step[1]) : null;
        switch (step[0])
        {
            case "next":
                Give(other!, Pool.ExecuteNext);
                break;
            case "add":
                Give(other!, Pool.Execute);
                break;
            case "bring":
                Bring([other!]);
                break;
            case "find":
                hasFound = _bytes.IsFound();
                break;
            case "use" when hasFound:
                _bytes.Use();
                break;
            case "use":
                break;
            case "long":
                Pool.ChargeLongItem();
                break;
            case "stuck":
                Await(other);
                break;
            case "block":
                Note("running");
                _ = _running.Remove(worker);
                Pool.BeginBlocking();
                Await(other);
                Pool.EndBlocking();
                _schedule.Point("goes on after", "blocking");
                Note("running");
                Begin(worker);
                break;
            default:
                throw new FormatException(step[0]);
        }
    }

    /// <summary>Waits until an item runs; where the pool is closed, it may never run.</summary>
    private void Await(ScenarioItem? item)
    {
        if (item is null)
        {
            _schedule.Point("waited for", "something");
            return;
        }

        _schedule.Drain();
        _schedule.Point("waited for", item.Name, () => item.HasRun || _isClosing);
        _schedule.NoteRead(_schedule.Place(item, "ran"));
        _schedule.NoteRead(_schedule.Place(this, "closing"));
    }

    private void Begin(object worker)
    {
        _running.Add(worker);
        if (!_workers.Contains(worker))
        {
            _workers.Add(worker);
        }

        foreach (object known in _workers)
        {
            _schedule.NoteRead(_schedule.Place(known, "_isrecalled"));
        }

        if (!_isClosing && _running.Count(running => !Pool.IsRecalled(running)) > _scenario.MostActive)
        {
            _schedule.Fail("More workers run than may, and none of them is to stop.");
        }
    }

    private void RunOutside(string[][] steps)
    {
        foreach (string[] step in steps)
        {
            ScenarioItem[] items = [.. step[1..].Select(Item)];
            switch (step[0])
            {
                case "bring":
                    Bring(items);
                    break;
                case "add":
                    Array.ForEach(items, item => Give(item, Pool.Execute));
                    break;
                case "drop":
                    _bytes.GiveUp(Pool);
                    break;
                case "rewrite" or "rewrites":
                    _bytes.Rewrite(Pool, mustBePossible: step[0] == "rewrites");
                    break;
                case "quiet":
                    _schedule.Point("sees", "that nothing goes on", rank: 2);
                    _schedule.NoteAll();
                    CheckNothingIsLeft();
                    break;
                case "close":
                    _schedule.Point("closes", "the pool");
                    _isClosing = true;
                    Note("closing");
                    _source?.Forget();
                    Pool.Dispose();
                    CheckNothingIsLeft();
                    break;
                default:
                    throw new FormatException(step[0]);
            }
        }
    }

    private void Bring(ScenarioItem[] items)
    {
        _source!.Bring(items);
        Array.ForEach(items, item => item.IsExpected = !_isClosing);
    }

    /// <summary>Gives an item to the pool, which may refuse it when it is closed.</summary>
    private void Give(ScenarioItem item, Action<ScenarioItem> give)
    {
        try
        {
            item.IsBeingGiven = true;
            give(item);
            item.IsExpected = true;
        }
        catch (ObjectDisposedException) when (_isClosing)
        {
            // It will not run.
        }

        item.IsBeingGiven = false;
    }

    private void Watch()
    {
        for (int looks = 0; ; looks++)
        {
            _schedule.Point("looks", "at the workers", rank: looks < _scenario.Looks ? 0 : 1);
            if (_isOver)
            {
                return;
            }

            if (!Pool.Look())
            {
                _schedule.Drain();
                _schedule.Point("waited", "for work", () => _isWatchNeeded || _isOver);
                Note("watch");
                _isWatchNeeded = false;
            }
        }
    }

    private void OnWatchNeeded()
    {
        _schedule.Point("needs", "a watcher");
        Note("watch");
        _isWatchNeeded = true;
    }

    private void OnFault(Exception e)
    {
        if (e is not AbandonedRunException)
        {
            _schedule.Note($"An item threw {e}");
        }
    }

    private void CheckNothingIsLeft()
    {
        foreach (ScenarioItem item in _items.Values)
        {
            if (!item.HasRun && (item.IsExpected || (item.IsBeingGiven && !_isClosing)))
            {
                _schedule.Fail($"{item.Name} is left, and nobody comes for it.");
            }
        }
    }

    /// <summary>As many wait in the source as may, and those that were recalled too late to sleep.</summary>
    private void CheckWhoIsActive()
    {
        (int waiting, int sleeping, int queued) = Pool.Count();
        int late = Pool.CountLateRecalls();
        int expected = Math.Min(_scenario.MostWaiting, Math.Min(_scenario.MostActive, _scenario.Workers - late));
        if (waiting - late != expected || sleeping != _scenario.Workers - waiting || queued != 0)
        {
            _schedule.Fail($"{waiting} wait in the source, {sleeping} sleep, and {queued} items are queued.");
        }
    }

    private ScenarioItem Item(string name)
    {
        if (!_items.TryGetValue(name, out ScenarioItem? item))
        {
            item = new ScenarioItem(this, name, _scenario.Items.GetValueOrDefault(name) ?? []);
            _items.Add(name, item);
        }

        return item;
    }

    /// <summary>The calling fiber changes something of the run that others depend on.</summary>
    private void Note(string name) => _schedule.NoteWrite(_schedule.Place(this, name));
}
