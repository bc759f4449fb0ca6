using System;

namespace AotServe.Sandbox;

/// <summary>
/// The wall around the one thread that is older than any code of ours, the runtime's that runs finalizers: no request is
/// handled there, and to reach it takes a garbage collection, so that is for when the server answers.
/// </summary>
/// <param name="step">Gives up the calling thread's rights: null, or one line that says why the process must not go on.</param>
/// <param name="taken">What the step takes, which is owned from here on; or null.</param>
internal sealed class FinalizerThreadRestriction(Func<string?> step, IDisposable? taken) : IDisposable
{
    /// <summary>Raises it, once. Called on that thread.</summary>
    /// <returns>What the step returns.</returns>
    public string? Raise() => step();

    public void Dispose() => taken?.Dispose();
}
