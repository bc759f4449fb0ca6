using System;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// Runs a step on every thread of the process before the server starts threads of its own. Linux keeps most rights per
/// thread, and a new thread gets the rights of the thread that starts it. At that time there are two threads: the main
/// thread, and the runtime's finalizer thread, which takes a while to reach. <see cref="FinalizerThreadRestriction"/> is for
/// steps that can wait.
/// </summary>
internal static class AllThreads
{
    /// <summary>
    /// Runs <paramref name="step"/> on the finalizer thread and, if that returned 0, on the calling thread, which must be the
    /// main thread. Returns the first result that is not 0.
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
