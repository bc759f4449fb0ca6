using System;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>Decides how a run goes on where it can go on in several ways.</summary>
internal interface IChooser
{
    /// <summary>Who is next.</summary>
    /// <param name="able">Those that can go on, at least two. The running one is the first, if it can.</param>
    /// <param name="isFree">Whether the running one cannot go on, so that somebody else has to.</param>
    /// <param name="state">Stands for all that has happened in the run and who runs: equal for runs that differ only in the order of what does not matter.</param>
    /// <returns>An index.</returns>
    int Next(ReadOnlySpan<Fiber> able, bool isFree, ulong state);

    /// <summary>Whether a write stays in the store buffer for now.</summary>
    bool Hides(ulong state);
}
