using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// How long the kernel lets the calling thread run before others who wait for the processor have their turn:
/// <c>sched_runtime</c> of sched_setattr(2), which Linux 6.12 and later heed for ordinary threads. A thread with a short
/// slice does not get less of the processor; it gets it sooner and in smaller pieces.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class TimeSlice
{
    /// <summary>SCHED_OTHER.</summary>
    private const uint Ordinary = 0;

    /// <summary>The shortest that the kernel gives, nanoseconds.</summary>
    private const ulong Shortest = 100_000;

    /// <summary>
    /// Asks for the shortest slice. False, and nothing has changed, where the kernel refuses, where the thread was given
    /// another scheduling policy by whoever started the process, and where a seccomp filter is in force: that may kill who
    /// calls what it does not expect.
    /// </summary>
    public static bool TryShorten()
    {
        (nint get, nint set) = SystemCalls;
        if (get == 0 || Posix.HasSystemCallFilter())
        {
            return false;
        }

        Attributes attributes = default;
        if (Syscall(get, 0, &attributes, (nuint)sizeof(Attributes), 0) != 0 || attributes.Policy != Ordinary)
        {
            return false;
        }

        attributes.Runtime = Shortest;
        return Syscall(set, 0, &attributes, 0, 0) == 0;
    }

    /// <summary>The numbers of sched_getattr and sched_setattr, for which the C library had no functions before glibc 2.41.</summary>
    private static (nint Get, nint Set) SystemCalls => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => (315, 314),
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => (275, 274),
        _ => default,
    };

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Syscall(nint number, nint thread, Attributes* attributes, nuint size, nuint flags);

    /// <summary><c>struct sched_attr</c>, its first version.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
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
}
