using System;
using System.Runtime.CompilerServices;

namespace AotServe.Walls;

/// <summary>
/// Does something on every thread that the process has before it starts its own: Linux keeps most of a process's rights
/// per thread, and a new thread has those of the one that starts it. At that time there are two: the main thread and the
/// runtime's that runs finalizers, which a finalizer reaches.
/// </summary>
internal static class EveryThread
{
    private static Func<int>? s_step;
    private static int s_result;

    /// <summary>
    /// Runs <paramref name="step"/> on the runtime's thread and then on the calling one, the main thread. Returns the first
    /// result that is not 0. Takes a garbage collection, so it is for the start, when there is hardly anything to collect.
    /// </summary>
    public static int Run(Func<int> step)
    {
        s_step = step;
        LeaveGarbage();
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        if (s_step is not null)
            throw new InvalidOperationException("The runtime's finalizer thread could not be reached.");
        return s_result != 0 ? s_result : step();
    }

    // Not inlined: no reference to the object may be left in the caller's frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveGarbage() => _ = new Messenger();

    private sealed class Messenger
    {
        ~Messenger()
        {
            s_result = s_step!();
            s_step = null;
        }
    }
}
