using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace AotServe.Native;

/// <summary>The name, the priority and the time slice of the calling thread. Each call returns 0 or −errno.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxThread
{
    /// <summary>The longest name in bytes, as prctl(2) takes it.</summary>
    private const int LongestName = 15;

    private const int WhichProcess = 0; // PRIO_PROCESS, which on Linux means a thread
    private const int CallingThread = 0;
    private const int LowPriority = 10;
    private const int OrdinaryPolicy = 0; // SCHED_OTHER

    /// <summary>The shortest time slice that the kernel gives, nanoseconds.</summary>
    private const ulong ShortestSlice = 100_000;

    /// <summary>
    /// Names the thread for the system's tools; what is longer than 15 bytes is cut. The runtime of a native binary gives
    /// a thread's name only to the debugger.
    /// </summary>
    public static int SetName(ReadOnlySpan<char> name)
    {
        Span<byte> bytes = stackalloc byte[LongestName + 1];
        Encoding.ASCII.TryGetBytes(name[..Math.Min(name.Length, LongestName)], bytes, out int length);
        bytes[length] = 0;
        fixed (byte* p = bytes)
        {
            return ProcessControl.Invoke(ProcessControl.SetName, (nint)p);
        }
    }

    /// <summary>
    /// Lowers the thread's priority (setpriority(2), nice 10): where processors are scarce it gets about a tenth of what an
    /// ordinary thread gets.
    /// </summary>
    public static int LowerPriority() => Errno.Result(setpriority(WhichProcess, CallingThread, LowPriority));

    /// <summary>
    /// Asks for the shortest time slice: how long the thread runs before others that wait for the processor get their turn
    /// (<c>sched_runtime</c> of sched_setattr(2), which Linux 6.12 and later use for ordinary threads). The thread does not
    /// get less of the processor; it gets it sooner and in smaller pieces.
    /// </summary>
    /// <returns>
    /// 0, or −errno, and then nothing has changed. −ENOSYS: the call's number is not known here. −EPERM: a seccomp filter is
    /// in force, which may kill a process that makes an unexpected call. −EINVAL: the process was started with another
    /// scheduling policy, which is kept.
    /// </returns>
    public static int ShortenTimeSlice()
    {
        if (SystemCall.SetSchedulingAttributes == 0)
        {
            return -Errno.NotImplemented;
        }

        if (ProcessControl.Invoke(ProcessControl.GetSeccomp) != 0)
        {
            return -Errno.NotPermitted;
        }

        SchedulingAttributes attributes = default;
        nint result = SystemCall.Invoke(
            SystemCall.GetSchedulingAttributes, CallingThread, (nint)(&attributes), sizeof(SchedulingAttributes));
        if (result < 0)
        {
            return (int)result;
        }

        if (attributes.Policy != OrdinaryPolicy)
        {
            return -Errno.InvalidArgument;
        }

        attributes.Runtime = ShortestSlice;
        return (int)SystemCall.Invoke(SystemCall.SetSchedulingAttributes, CallingThread, (nint)(&attributes));
    }

    /// <summary><c>struct sched_attr</c>, its first version.</summary>
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

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setpriority(int which, uint who, int priority);
}
