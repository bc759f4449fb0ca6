using System;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>What stands in the place of <see cref="System.Threading.Thread"/>.</summary>
internal sealed class ControlledThread(Action body)
{
    private Fiber? _fiber;

    public string? Name { get; init; }

    public bool IsBackground { get; init; }

    public void Start() => _fiber = Fiber.Current.Schedule.Start(Name ?? "thread", body, isWorker: true);

    public void Join()
    {
        Fiber.Current.Schedule.Drain();
        Fiber.Current.Schedule.Point("joined", _fiber!.Name, () => _fiber.HasEnded);
        Fiber.Current.Schedule.NoteAll();
    }

    public static void Yield()
    {
        // Others may run at any time.
    }
}
