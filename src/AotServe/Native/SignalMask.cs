using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Which signals the calling thread blocks (pthread_sigmask(3)), and with it the threads and programs that it starts: one
/// that is sent to the process then goes to a thread that does not, or waits until there is one.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class SignalMask
{
    /// <summary>What a sigset_t takes in glibc and musl, bytes.</summary>
    public const int SetSize = 128;

    private const int BlockThem = 0;
    private const int UnblockThem = 1;

    /// <summary>Blocks signals, by their numbers.</summary>
    public static void Block(ReadOnlySpan<int> signals) => Change(BlockThem, signals);

    /// <summary>Takes signals again; one that has waited comes at once.</summary>
    public static void Unblock(ReadOnlySpan<int> signals) => Change(UnblockThem, signals);

    /// <summary>Makes a set of <see cref="SetSize"/> bytes.</summary>
    public static void Fill(byte* set, ReadOnlySpan<int> signals)
    {
        sigemptyset(set);
        foreach (int signal in signals)
        {
            sigaddset(set, signal);
        }
    }

    private static void Change(int how, ReadOnlySpan<int> signals)
    {
        byte* set = stackalloc byte[SetSize];
        Fill(set, signals);
        pthread_sigmask(how, set, null);
    }

    [LibraryImport("libc")]
    private static partial int pthread_sigmask(int how, byte* set, byte* old);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* set);

    [LibraryImport("libc")]
    private static partial int sigaddset(byte* set, int signal);
}
