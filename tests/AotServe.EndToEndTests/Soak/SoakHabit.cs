using System;

namespace AotServe.EndToEndTests.Soak;

/// <summary>What one client does, over and over.</summary>
/// <param name="act">Once; throws where the server did something wrong.</param>
/// <param name="dispose">At the end.</param>
internal sealed class SoakHabit(Action act, IDisposable? dispose = null) : IDisposable
{
    /// <summary>Does it once.</summary>
    public void Act() => act();

    public void Dispose() => dispose?.Dispose();
}
