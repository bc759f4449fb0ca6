namespace AotServe.Tests.Workers.Interleavings;

/// <summary>
/// What stands in the place of <see cref="System.Threading.Volatile"/>. A write may stay hidden from all others until the fiber comes to a
/// barrier, as in the store buffer of a processor: what the fiber reads meanwhile may be older than its write is for others.
/// </summary>
internal static class ControlledVolatile
{
    public static T Read<T>(object owner, string name, ref readonly T location)
    {
        Schedule schedule = Fiber.Current.Schedule;
        schedule.Point("reads", name);
        SharedPlace place = schedule.Place(owner, name);
        schedule.NoteRead(place);
        return place.HiddenBy is { } by && by != Fiber.Current ? (T)place.Old! : location;
    }

    public static void Write<T>(object owner, string name, ref T location, T value)
    {
        Schedule schedule = Fiber.Current.Schedule;
        schedule.Point("writes", name);
        SharedPlace place = schedule.Place(owner, name);
        object? old = place.HiddenBy is null ? location : place.Old;

        // A worker's own items are one place with many values: what is written there is seen at once, and so is all before it.
        if (name != "slot" && schedule.Hides(place))
        {
            place.Old = old;
        }
        else
        {
            schedule.Drain();
            schedule.NoteWrite(place);
        }

        location = value;
    }
}
