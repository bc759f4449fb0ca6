namespace AotServe.Tests.Workers.Interleavings;

/// <summary>What stands in the place of <see cref="System.Threading.Interlocked"/>: whole barriers.</summary>
internal static class ControlledInterlocked
{
    public static T Exchange<T>(object owner, string name, ref T location, T value)
    {
        Schedule schedule = Fiber.Current.Schedule;
        schedule.Drain();
        schedule.Point("exchanges", name);
        schedule.NoteWrite(schedule.Place(owner, name));
        T old = location;
        location = value;
        return old;
    }

    public static void MemoryBarrier() => Fiber.Current.Schedule.Drain();

    public static void MemoryBarrierProcessWide() => Fiber.Current.Schedule.DrainAll();
}
