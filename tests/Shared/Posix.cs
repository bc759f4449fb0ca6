using System;
using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AotServe.Tests.Shared;

/// <summary>The few libc calls that the tests need, and the numbers of the signals. Every call throws when it fails.</summary>
internal static partial class Posix
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGQUIT = 3;
    public const int SIGKILL = 9;
    public const int SIGUSR1 = 10;
    public const int SIGUSR2 = 12;
    public const int SIGTERM = 15;
    public const int SIGCONT = 18;
    public const int SIGSTOP = 19;

    private const int RLIMIT_NOFILE = 7;
    private const nint Ignore = 1; // SIG_IGN; SIG_DFL is 0

    /// <summary>Sends a signal to one process, kill(2).</summary>
    public static void Kill(int pid, int signal) => ThrowIfFailed(KillNative(pid, signal));

    /// <summary>
    /// This process, and those that it starts, no longer ignore a signal. A shell without job control has what it starts in the background
    /// ignore SIGINT and SIGQUIT, which a new program goes on with (POSIX, Shell Command Language, 2.11; execve(2)).
    /// </summary>
    public static void StopIgnoring(int signal)
    {
        nint disposition = ExchangeDisposition(signal, Ignore);
        _ = ExchangeDisposition(signal, disposition == Ignore ? 0 : disposition);
    }

    /// <summary>Has the calling thread run on one processor only, sched_setaffinity(2). Where that cannot be had, nothing changes.</summary>
    public static void StayOn(int processor)
    {
        if (OperatingSystem.IsLinux() && processor is >= 0 and < 1024)
        {
            Span<ulong> set = stackalloc ulong[1024 / 64];
            set.Clear();
            set[processor / 64] = 1UL << (processor % 64);
            _ = SetAffinity(0, (nuint)(set.Length * sizeof(ulong)), ref set[0]);
        }
    }

    /// <summary>Makes a FIFO that everybody may read, mkfifo(3).</summary>
    public static void MakeFifo(string path) => ThrowIfFailed(MkFifoNative(path, 0b110_100_100));

    /// <summary>Gives a file a second name of any bytes, link(2).</summary>
    public static void Link(string path, ReadOnlySpan<byte> second) => ThrowIfFailed(LinkNative(path, [.. second, 0]));

    /// <summary>Gives a file another name, in the place of what has it now, rename(2). A link is not followed.</summary>
    public static void Rename(string path, string name) => ThrowIfFailed(RenameNative(path, name));

    /// <summary>Deletes a name of any bytes, unlink(2).</summary>
    public static void Unlink(ReadOnlySpan<byte> path) => ThrowIfFailed(UnlinkNative([.. path, 0]));

    /// <summary>The same socket under another descriptor, as another process that inherited it has it, dup(2).</summary>
    public static Socket Duplicate(Socket socket)
    {
        int descriptor = DupNative((int)socket.Handle);
        ThrowIfFailed(descriptor);
        return new Socket(new SafeSocketHandle(descriptor, ownsHandle: true));
    }

    /// <summary>How many descriptors this process may have open (Linux).</summary>
    public static long DescriptorLimit()
    {
        ThrowIfFailed(GetResourceLimit(RLIMIT_NOFILE, out ResourceLimit limit));
        return (long)ulong.Min(limit.Soft, int.MaxValue);
    }

    /// <summary>Lowers how many descriptors another process of this user may have open from now on; those that are open stay (prlimit(2), Linux).</summary>
    public static void LimitDescriptors(int pid, ulong limit) =>
        ThrowIfFailed(ResourceLimitOf(pid, RLIMIT_NOFILE, new ResourceLimit { Soft = limit, Hard = limit }, 0));

    /// <summary>The effective user of the tests.</summary>
    public static uint UserId => GetUserId();

    /// <summary>The kernel's version of Landlock; 0 where it has none (Linux).</summary>
    public static int LandlockVersion()
    {
        const int CreateRuleset = 444, AskForVersion = 1;
        return (int)nint.Max(0, SystemCall(CreateRuleset, 0, 0, AskForVersion));
    }

    /// <summary>A thread's nice value, and its time slice in nanoseconds, sched_getattr(2) (Linux, x64 and arm64).</summary>
    public static (int Nice, ulong Slice) SchedulingOf(int thread)
    {
        int number = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64 ? 315 : 275;
        ThrowIfFailed(SystemCall(number, thread, out SchedulingAttributes attributes, Marshal.SizeOf<SchedulingAttributes>(), 0));
        return (attributes.Nice, attributes.Runtime);
    }

    private static void ThrowIfFailed(nint result)
    {
        if (result < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUserId();

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint attributes, nint size, nint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint thread, out SchedulingAttributes attributes, nint size, nint flags);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint size, ref ulong set);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillNative(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint ExchangeDisposition(int signal, nint disposition);

    [LibraryImport("libc", EntryPoint = "mkfifo", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkFifoNative(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkNative(string path, byte[] second);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameNative(string path, string name);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true)]
    private static partial int UnlinkNative(byte[] path);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int DupNative(int descriptor);

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    private static partial int GetResourceLimit(int resource, out ResourceLimit limit);

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int ResourceLimitOf(int pid, int resource, in ResourceLimit limit, nint old);

    [StructLayout(LayoutKind.Sequential)]
    private struct SchedulingAttributes
    {
        public uint Size;
        public uint Policy;
        public ulong Flags;
        public int Nice;
        public uint Priority;
        public ulong Runtime;
        public ulong Deadline;
        public ulong Period;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct ResourceLimit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
