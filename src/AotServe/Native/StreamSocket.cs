using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Sends and receives by a connected, non-blocking socket that the caller keeps open. Each call returns how many bytes it was, or
/// −errno, and retries EINTR.
/// </summary>
/// <remarks>
/// On Linux the kernel is asked itself. The C library's functions are points where a thread may be cancelled (pthreads(7)): with more
/// threads than one, each call is two writes that lock the bus. No thread here is cancelled.
/// </remarks>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class StreamSocket
{
    private const int PeekOnly = 0x2; // MSG_PEEK
    private const int NoSignal = 0x4000; // MSG_NOSIGNAL of Linux
    private const int More = 0x8000; // MSG_MORE of Linux

    private static bool IsBySystemCall => OperatingSystem.IsLinux() && SystemCall.SendTo != 0;

    /// <summary>recv(2). 0: the other side has ended.</summary>
    public static int Receive(int socket, Span<byte> bytes) => Receive(socket, bytes, 0);

    /// <summary>The same, but what is received stays there for the next call.</summary>
    public static int Peek(int socket, Span<byte> bytes) => Receive(socket, bytes, PeekOnly);

    /// <summary>send(2). A closed connection raises no SIGPIPE.</summary>
    /// <param name="socket">The descriptor.</param>
    /// <param name="bytes">Not empty.</param>
    /// <param name="isMoreToCome">Whether a segment that is not full is to wait for what follows at once.</param>
    public static int Send(int socket, ReadOnlySpan<byte> bytes, bool isMoreToCome)
    {
        int flags = !OperatingSystem.IsLinux() ? 0 : isMoreToCome ? NoSignal | More : NoSignal;
        fixed (byte* p = bytes)
        {
            if (IsBySystemCall)
            {
                return (int)SystemCall.Invoke(SystemCall.SendTo, socket, (nint)p, bytes.Length, flags);
            }

            nint result;
            do
            {
                result = Errno.Result(send(socket, p, (nuint)bytes.Length, flags));
            }
            while (result == -Errno.Interrupted);
            return (int)result;
        }
    }

    private static int Receive(int socket, Span<byte> bytes, int flags)
    {
        fixed (byte* p = bytes)
        {
            if (IsBySystemCall)
            {
                return (int)SystemCall.Invoke(SystemCall.ReceiveFrom, socket, (nint)p, bytes.Length, flags);
            }

            nint result;
            do
            {
                result = Errno.Result(recv(socket, p, (nuint)bytes.Length, flags));
            }
            while (result == -Errno.Interrupted);
            return (int)result;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte* bytes, nuint count, int flags);
}
