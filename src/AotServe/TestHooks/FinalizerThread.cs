#if TEST_HOOKS
using System;
using System.Runtime.CompilerServices;

namespace AotServe.TestHooks;

/// <summary>
/// The runtime's own thread, which runs finalizers, for tests of what it may do.
/// </summary>
internal static class FinalizerThread
{
    /// <summary>
    /// Runs an action on the finalizer thread and waits for it, by leaving an object to finalize. Needs a garbage collection.
    /// </summary>
    /// <returns>Whether the action ran.</returns>
    public static bool Run(Action action)
    {
        var done = new StrongBox<bool>();
        LeaveGarbage(action, done);
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        GC.WaitForPendingFinalizers();
        return done.Value;
    }

    // Not inlined: no reference to the object may stay in the caller's frame.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void LeaveGarbage(Action action, StrongBox<bool> done) => _ = new Messenger(action, done);

    /// <summary>An object that exists only to be finalized.</summary>
    private sealed class Messenger(Action action, StrongBox<bool> done)
    {
        ~Messenger()
        {
            action();
            done.Value = true;
        }
    }
}
#endif
