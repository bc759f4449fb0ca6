using System;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// The POSIX calls that the platform's library has no form of. Each returns −1 with errno in
/// <see cref="Marshal.GetLastPInvokeError"/>.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class Posix
{
    public const int Interrupted = 4;
    public const short PollIn = 0x1;
    public const short PollOut = 0x4;

    /// <summary>EAGAIN, which is 35 on the BSDs and macOS.</summary>
    public static int WouldBlock => OperatingSystem.IsLinux() ? 11 : 35;

    /// <summary>RLIMIT_NOFILE, which is 8 on the BSDs and macOS.</summary>
    private static int LimitOfDescriptors => OperatingSystem.IsLinux() ? 7 : 8;

    /// <summary>write(2).</summary>
    public static nint Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            return write(descriptor, p, (nuint)bytes.Length);
        }
    }

    /// <summary>read(2).</summary>
    public static nint Read(int descriptor, Span<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            return read(descriptor, p, (nuint)bytes.Length);
        }
    }

    /// <summary>close(2).</summary>
    public static int Close(int descriptor) => close(descriptor);

    /// <summary>
    /// socketpair(2): two stream sockets connected to each other, with no address that anybody could reach, closed on
    /// exec.
    /// </summary>
    /// <exception cref="SocketException">There is no descriptor or no memory left.</exception>
    public static (Socket One, Socket Other) SocketPair()
    {
        const int UnixFamily = 1, Stream = 1, SetFlags = 2, CloseOnExec = 1;
        int* pair = stackalloc int[2];
        if (socketpair(UnixFamily, Stream, 0, pair) != 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }

        fcntl(pair[0], SetFlags, CloseOnExec);
        fcntl(pair[1], SetFlags, CloseOnExec);
        return (
            new Socket(new SafeSocketHandle(pair[0], ownsHandle: true)),
            new Socket(new SafeSocketHandle(pair[1], ownsHandle: true)));
    }

    /// <summary>Whether a descriptor can be written to without waiting; false too where it is closed or broken.</summary>
    public static bool IsWritable(int descriptor)
    {
        var p = new PollDescriptor { Descriptor = descriptor, Events = PollOut };
        return poll(&p, 1, 0) == 1 && (p.Results & PollOut) != 0;
    }

    /// <summary>
    /// Waits up to <paramref name="milliseconds"/> (-1: for ever) until a read of a descriptor would not wait, be it that
    /// it finds the end. False: not yet, or the wait was interrupted.
    /// </summary>
    public static bool IsReadable(int descriptor, int milliseconds)
    {
        var p = new PollDescriptor { Descriptor = descriptor, Events = PollIn };
        return poll(&p, 1, milliseconds) == 1;
    }

    /// <summary>
    /// Whether the process has a controlling terminal (tty(4)), and so whether SIGHUP means that the terminal went away.
    /// </summary>
    public static bool HasTerminal()
    {
        const int ReadOnlyNoControl = 0x100; // O_RDONLY | O_NOCTTY on Linux; only the open matters.
        int descriptor;
        fixed (byte* path = "/dev/tty\0"u8)
        {
            descriptor = open(path, OperatingSystem.IsLinux() ? ReadOnlyNoControl : 0);
        }

        if (descriptor < 0)
        {
            return false;
        }

        close(descriptor);
        return true;
    }

    /// <summary>
    /// Names the calling thread for the system's tools (prctl(2), at most 15 bytes): the runtime of a native binary gives
    /// a thread's name to the debugger only. Linux; elsewhere it does nothing.
    /// </summary>
    public static void NameThread(string name)
    {
        const int SetName = 15;
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        Span<byte> bytes = stackalloc byte[16];
        bytes[Math.Min(System.Text.Encoding.ASCII.GetBytes(name, bytes), 15)] = 0;
        fixed (byte* p = bytes)
        {
            prctl(SetName, p, 0, 0, 0);
        }
    }

    /// <summary>
    /// Whether a filter says which system calls the calling thread may use (seccomp(2)): a container's, or the service
    /// manager's.
    /// </summary>
    [SupportedOSPlatform("linux")]
    public static bool HasSystemCallFilter()
    {
        const int GetSeccomp = 21;
        return prctl(GetSeccomp, null, 0, 0, 0) != 0;
    }

    /// <summary>
    /// Has the calling thread give way to others where processors are scarce (setpriority(2), which on Linux is about one
    /// thread): it gets about a tenth of what one of them gets. Linux; elsewhere it does nothing.
    /// </summary>
    public static void LowerThreadPriority()
    {
        const int Process = 0, CallingThread = 0, Nice = 10;
        if (OperatingSystem.IsLinux())
        {
            setpriority(Process, CallingThread, Nice);
        }
    }

    /// <summary>
    /// Opens <c>/dev/null</c> on each of the descriptors 0 to 2 that the process was started without, so that no socket
    /// becomes its stdout. Before anything else is opened.
    /// </summary>
    public static void FillStandardDescriptors()
    {
        const int GetFlags = 1, ReadWrite = 2;
        for (int descriptor = 0; descriptor <= 2; descriptor++)
        {
            if (fcntl(descriptor, GetFlags, 0) >= 0)
            {
                continue;
            }

            fixed (byte* path = "/dev/null\0"u8)
            {
                open(path, ReadWrite); // takes the lowest free number, which is this one
            }
        }
    }

    /// <summary>
    /// Raises the limit on open descriptors to what the process is allowed (setrlimit(2)) and returns it; 0 where it
    /// cannot be read.
    /// </summary>
    public static long RaiseDescriptorLimit()
    {
        nuint* limit = stackalloc nuint[2];
        if (getrlimit(LimitOfDescriptors, limit) != 0)
        {
            return 0;
        }

        nuint soft = limit[0];
        if (soft < limit[1])
        {
            limit[0] = limit[1];
            if (setrlimit(LimitOfDescriptors, limit) != 0)
            {
                return (long)soft;
            }
        }

        return (long)Math.Min(limit[0], int.MaxValue);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int type, int protocol, int* pair);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, byte* name, nuint unused3, nuint unused4, nuint unused5);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setpriority(int which, uint who, int priority);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, nuint* limit);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setrlimit(int resource, nuint* limit);
}
