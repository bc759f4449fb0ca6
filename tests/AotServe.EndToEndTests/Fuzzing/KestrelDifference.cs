using System;
using AotServe.Fuzzing;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>Where this server does otherwise than Kestrel, and means to.</summary>
/// <param name="Name">Short.</param>
/// <param name="Reason">By which rule, and what Kestrel does.</param>
/// <param name="Applies">Whether it explains two readings of a message; null: that server said nothing.</param>
internal sealed record KestrelDifference(string Name, string Reason, Func<ReferenceMessage, Reading?, Reading?, bool> Applies)
{
    public override string ToString() => $"{Name}: {Reason}";
}
