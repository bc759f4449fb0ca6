using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>A <c>sigset_t</c> (sigsetops(3)), which takes 128 bytes in glibc and in musl.</summary>
[SupportedOSPlatform("linux")]
[StructLayout(LayoutKind.Sequential)]
internal unsafe partial struct SignalSet
{
    private const int Size = 128;

    private fixed byte _bytes[Size];

    /// <summary>The set of these signals, by their numbers.</summary>
    public static SignalSet Of(params ReadOnlySpan<int> signals)
    {
        SignalSet set;
        _ = sigemptyset(&set);
        foreach (int signal in signals)
        {
            _ = sigaddset(&set, signal);
        }

        return set;
    }

    public void Add(int signal)
    {
        fixed (SignalSet* set = &this)
        {
            _ = sigaddset(set, signal);
        }
    }

    [LibraryImport("libc")]
    private static partial int sigemptyset(SignalSet* set);

    [LibraryImport("libc")]
    private static partial int sigaddset(SignalSet* set, int signal);
}
