using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Native;

/// <summary>
/// What can be done with any file descriptor: read(2), write(2), poll(2), fcntl(2), close(2), and open(2) of a fixed path.
/// Each call returns a result or −errno and retries EINTR.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class FileDescriptor
{
    private const int StandardError = 2;

    // The same numbers on Linux, the BSDs and macOS.
    private const int ReadWrite = 2; // O_RDWR
    private const int GetFlags = 1; // F_GETFD
    private const int SetFlags = 2; // F_SETFD
    private const int FlagCloseOnExec = 1; // FD_CLOEXEC
    private const short PollIn = 0x1;
    private const short PollOut = 0x4;

    private const int DuplicateCloseOnExec = 1030; // F_DUPFD_CLOEXEC of Linux

    /// <summary>
    /// Keeps a handle open until DangerousRelease is called, whoever disposes of it meanwhile. False: it has been disposed of.
    /// </summary>
    public static bool TryHold(SafeFileHandle handle)
    {
        bool isHeld = false;
        try
        {
            handle.DangerousAddRef(ref isHeld);
        }
        catch (ObjectDisposedException)
        {
            return false;
        }

        return isHeld;
    }

    /// <summary>read(2). Returns how many bytes were read; 0 at the end.</summary>
    public static nint Read(int descriptor, Span<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            nint result;
            do
            {
                result = Errno.Result(read(descriptor, p, (nuint)bytes.Length));
            }
            while (result == -Errno.Interrupted);
            return result;
        }
    }

    /// <summary>write(2). Returns how many bytes were written, which may be fewer than there are.</summary>
    public static nint Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            nint result;
            do
            {
                result = Errno.Result(write(descriptor, p, (nuint)bytes.Length));
            }
            while (result == -Errno.Interrupted);
            return result;
        }
    }

    /// <summary>
    /// close(2). Returns nothing: on Linux the descriptor is free even after an error, EINTR included, so it must not be
    /// closed again.
    /// </summary>
    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>
    /// Closes all descriptors from <paramref name="first"/> to <paramref name="last"/>: close_range(2), or one by one where the
    /// kernel or a filter does not allow that. No other thread may have opened any.
    /// </summary>
    public static void CloseRange(int first, int last)
    {
        if (OperatingSystem.IsLinux() && SystemCall.Invoke(SystemCall.CloseRange, first, last) == 0)
        {
            return;
        }

        var names = new List<string>();
        if (OperatingSystem.IsLinux())
        {
            _ = LinuxFolders.List("/proc/self/fd", names, isOneEnough: false); // Without a list of them, they stay open, as they did before.
        }
        else if (Directory.Exists("/dev/fd"))
        {
            names.AddRange(Directory.GetFileSystemEntries("/dev/fd"));
        }

        foreach (string name in names)
        {
            if (int.TryParse(Path.GetFileName(name), NumberStyles.None, CultureInfo.InvariantCulture, out int descriptor)
                && descriptor >= first && descriptor <= last)
            {
                Close(descriptor);
            }
        }
    }

    /// <summary>open(2) of <paramref name="path"/>, which ends with a NUL.</summary>
    /// <param name="path">For example <c>"/dev/null\0"u8</c>.</param>
    /// <param name="flags">O_RDONLY and others, as this system numbers them.</param>
    /// <param name="mode">The permissions of a file that is created. Linux only: elsewhere C passes it differently.</param>
    /// <returns>A descriptor.</returns>
    public static int Open(ReadOnlySpan<byte> path, int flags, int mode = 0)
    {
        fixed (byte* p = path)
        {
            int result;
            do
            {
                result = Errno.Result(open(p, flags, mode));
            }
            while (result == -Errno.Interrupted);
            return result;
        }
    }

    /// <summary>Whether a write would not block. False too where the descriptor is closed or broken.</summary>
    /// <param name="descriptor">A descriptor.</param>
    /// <param name="milliseconds">How long to wait until it would not. A signal ends the wait.</param>
    public static bool IsWritable(int descriptor, int milliseconds = 0)
    {
        var polled = new PollDescriptor { Descriptor = descriptor, Events = PollOut };
        return poll(&polled, 1, milliseconds) == 1 && (polled.Results & PollOut) != 0;
    }

    /// <summary>
    /// Waits until a read would not block, which includes the end of the file and an error. A signal does not end the wait
    /// and does not prolong it.
    /// </summary>
    /// <param name="descriptor">An open descriptor.</param>
    /// <param name="milliseconds">0: does not wait; −1: without a limit.</param>
    /// <returns>1: readable; 0: the time is up.</returns>
    public static int WaitUntilReadable(int descriptor, int milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        var polled = new PollDescriptor { Descriptor = descriptor, Events = PollIn };
        int left = milliseconds;
        while (true)
        {
            int result = Errno.Result(poll(&polled, 1, left));
            if (result != -Errno.Interrupted)
            {
                return result;
            }

            left = milliseconds < 0 ? -1 : (int)Math.Max(0, end - Environment.TickCount64);
        }
    }

    /// <summary>Closes the descriptor when another program is executed (FD_CLOEXEC).</summary>
    /// <returns>0.</returns>
    public static int SetCloseOnExec(int descriptor) => Errno.Result(fcntl(descriptor, SetFlags, FlagCloseOnExec));

    /// <summary>Duplicates a descriptor to the lowest free number from <paramref name="least"/> on, closed on exec.</summary>
    /// <returns>The new descriptor, which the caller owns.</returns>
    [SupportedOSPlatform("linux")]
    public static int Duplicate(int descriptor, int least) =>
        Errno.Result(fcntl(descriptor, DuplicateCloseOnExec, least));

    /// <summary>
    /// Opens <c>/dev/null</c> in place of each standard stream that the process was started without, so that no socket
    /// becomes its stdout. To be called before anything else is opened.
    /// </summary>
    public static void OpenMissingStandardStreams()
    {
        for (int descriptor = 0; descriptor <= StandardError; descriptor++)
        {
            if (fcntl(descriptor, GetFlags, 0) < 0)
            {
                _ = Open("/dev/null\0"u8, ReadWrite); // Takes the lowest free number, which is this one.
            }
        }
    }

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Results;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int poll(PollDescriptor* descriptors, nuint count, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);
}
