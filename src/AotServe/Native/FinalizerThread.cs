using System;
using System.Runtime.CompilerServices;

namespace AotServe.Native;

/// <summary>
/// The runtime's thread that runs finalizers, which is there before any code of ours: what Linux keeps per thread and
/// hands on to the threads that one starts, it has to be told of by itself.
/// </summary>
internal static class FinalizerThread
{
    /// <summary>
    /// Has that thread run something, and waits for it, by giving it something to finalize. Takes a garbage collection, so
    /// it is for the start, when there is hardly anything to collect.
    /// </summary>
    /// <returns>Whether it was run.</returns>
    public static bool Run(Action action)
    {
        var done = new StrongBox<bool>();
        LeaveGarbage(action, done);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        return done.Value;
    }

    // Not inlined: no reference to the object may be left in the caller's frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveGarbage(Action action, StrongBox<bool> done) => _ = new Messenger(action, done);

    /// <summary>Is never used; its end is its purpose.</summary>
    private sealed class Messenger(Action action, StrongBox<bool> done)
    {
        ~Messenger()
        {
            action();
            done.Value = true;
        }
    }
}
