using System;

namespace AotServe.Workers;

/// <summary>What all <see cref="BackgroundThreads"/> of a process have in common.</summary>
internal sealed class BackgroundThreadOptions
{
    /// <summary>
    /// Called first on each thread, with its name, to lower its priority below that of the workers; null: nothing is done.
    /// </summary>
    public Action<string>? ThreadStarted { get; init; }

    /// <summary>Called with each exception of an item; must not throw. Null: they are ignored.</summary>
    public Action<Exception>? ReportFault { get; init; }
}
