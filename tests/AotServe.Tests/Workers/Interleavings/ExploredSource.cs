using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// A source as the contract has it, and no better: one wake-up ends one wait, the next one that ends, were it by an item. Any of those that
/// wait may get what comes, all of it.
/// </summary>
internal sealed class ExploredSource(Schedule schedule, int mostWaiting) : IExploredSource
{
    private readonly Queue<ScenarioItem> _items = new();
    private bool _isWoken;
    private int _inside;

    public int MostWaiting => mostWaiting;

    public void Bring(ScenarioItem[] items)
    {
        schedule.Point("brings", string.Join(' ', items.Select(item => item.Name)));
        Note();
        foreach (ScenarioItem item in items)
        {
            _items.Enqueue(item);
        }
    }

    public int WaitForWork(IThreadPoolWorkItem[] ready, bool mayWait)
    {
        if (!mayWait && mostWaiting == 1)
        {
            return 0; // As in Net/Server.
        }

        if (mayWait)
        {
            schedule.Drain();
            Note();
            if (++_inside > mostWaiting)
            {
                schedule.Fail("More workers wait in the source than may.");
            }

            schedule.Point("waited in", "the source", () => _isWoken || _items.Count > 0);
            _inside--;
        }
        else
        {
            schedule.Drain();
            schedule.Point("looks into", "the source");
        }

        Note();
        int count = 0;
        while (count < ready.Length && _items.TryDequeue(out ScenarioItem? item))
        {
            item.IsExpected = true;
            ready[count++] = item;
        }

        _isWoken = false;
        return count;
    }

    public void Wake()
    {
        schedule.Drain();
        schedule.Point("wakes", "the source");
        Note();
        _isWoken = true;
    }

    /// <summary>The pool is being closed: nobody has to come for what is here.</summary>
    public void Forget()
    {
        Note();
        foreach (ScenarioItem item in _items)
        {
            item.IsExpected = false;
        }
    }

    private void Note() => schedule.NoteWrite(schedule.Place(this, "source"));
}
