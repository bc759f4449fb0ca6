using System;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>What stands in the place of <see cref="System.Threading.Monitor"/> and of the lock statement. To take and to release a lock are whole barriers.</summary>
internal static class ControlledMonitor
{
    /// <summary>Takes the lock of an object until the result is disposed of.</summary>
    public static Held Hold(object o)
    {
        Fiber me = Fiber.Current;
        SharedPlace place = me.Schedule.Place(o, "lock");
        me.Schedule.Drain();
        me.Schedule.Point("takes", "lock", () => place.Owner is null || place.Owner == me);
        place.Owner = me;
        place.Depth++;
        me.Schedule.NoteWrite(place);
        return new Held(place);
    }

    public static void Wait(object o)
    {
        Fiber me = Fiber.Current;
        SharedPlace place = Owned(o);
        int depth = place.Depth;
        me.Schedule.Drain();
        me.IsPulsed = false;
        place.Waiting.Enqueue(me);
        place.Owner = null;
        place.Depth = 0;
        me.Schedule.NoteWrite(place);
        me.Schedule.Point("waited", "for a pulse", () => me.IsPulsed && place.Owner is null);
        place.Owner = me;
        place.Depth = depth;
        me.Schedule.NoteWrite(place);
    }

    public static void Pulse(object o)
    {
        if (Owned(o).Waiting.TryDequeue(out Fiber? first))
        {
            first.IsPulsed = true;
        }
    }

    public static void PulseAll(object o)
    {
        while (Owned(o).Waiting.Count > 0)
        {
            Pulse(o);
        }
    }

    private static SharedPlace Owned(object o)
    {
        Fiber me = Fiber.Current;
        me.Schedule.ThrowIfAbandoned();
        SharedPlace place = me.Schedule.Place(o, "lock");
        return place.Owner == me ? place : throw new InvalidOperationException("The lock is not held.");
    }

    /// <summary>A lock that is held.</summary>
    internal readonly struct Held(SharedPlace place) : IDisposable
    {
        public void Dispose()
        {
            Fiber me = Fiber.Current;
            if (me.Schedule.IsAbandoned)
            {
                return;
            }

            me.Schedule.Drain();
            me.Schedule.NoteWrite(place);
            if (--place.Depth == 0)
            {
                place.Owner = null;
            }
        }
    }
}
