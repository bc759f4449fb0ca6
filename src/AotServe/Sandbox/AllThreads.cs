using System;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// Does something on every thread that the process has before it starts its own: Linux keeps most of a process's rights
/// per thread, and a new thread has those of the one that starts it. At that time there are two: the main thread, and the
/// runtime's that runs finalizers, which takes a while to reach: <see cref="FinalizerThreadRestriction"/> is for what can wait.
/// </summary>
internal static class AllThreads
{
    /// <summary>
    /// Runs <paramref name="step"/> on the runtime's thread and then on the calling one, the main thread. Returns the
    /// first result that is not 0.
    /// </summary>
    public static int Run(Func<int> step)
    {
        int result = 0;
        if (!FinalizerThread.Run(() => result = step()))
        {
            throw new InvalidOperationException("The runtime's finalizer thread could not be reached.");
        }

        return result != 0 ? result : step();
    }
}
