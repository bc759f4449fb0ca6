using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// The restriction of the runtime's finalizer thread, which runs before any code of the server. No request is handled
/// there, and reaching it takes a garbage collection, so it is restricted after the server has begun to answer. Owns
/// <paramref name="restriction"/>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class FinalizerThreadRestriction(ThreadRestriction restriction) : IDisposable
{
    /// <summary>Restricts the calling thread, which must be the finalizer thread. To be called once.</summary>
    public bool TryApply([NotNullWhen(false)] out string? error)
    {
        int result = restriction.Apply();
        error = result == 0
            ? null
            : $"cannot give up the rights of the runtime's own thread: {Errno.Describe(-result)}";
        return error is null;
    }

    public void Dispose() => restriction.Dispose();
}
