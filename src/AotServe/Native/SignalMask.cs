using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Which signals the calling thread blocks (pthread_sigmask(3)). Threads and programs that it starts later inherit the
/// mask. A signal sent to the process goes to a thread that does not block it, or waits until there is one.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class SignalMask
{
    private const int BlockSignals = 0; // SIG_BLOCK
    private const int UnblockSignals = 1; // SIG_UNBLOCK

    /// <summary>Blocks signals, by their numbers.</summary>
    public static void Block(ReadOnlySpan<int> signals) => Change(BlockSignals, signals);

    /// <summary>Unblocks signals. One that is pending is delivered at once.</summary>
    public static void Unblock(ReadOnlySpan<int> signals) => Change(UnblockSignals, signals);

    private static void Change(int how, ReadOnlySpan<int> signals)
    {
        var set = SignalSet.Of(signals);
        _ = pthread_sigmask(how, &set, null); // Fails only where `how` is wrong.
    }

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, SignalSet* set, SignalSet* old);
}
