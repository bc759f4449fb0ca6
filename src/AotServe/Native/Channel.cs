using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// One end of a pair of connected sockets (socketpair(2)) between two processes, over which single bytes go. Owns its
/// descriptor, which is closed on exec.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class Channel(int descriptor) : IDisposable
{
    private const int Local = 1;
    private const int Stream = 1;
    private const int CloseOnExec = 0x80000;
    private const int NoSignal = 0x4000;
    private const int BothWays = 2;
    private const int SetFlags = 2;
    private const int FlagCloseOnExec = 1;

    private int _descriptor = descriptor;

    public int Descriptor => _descriptor;

    /// <summary>Makes both ends. False: errno is in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
    public static bool TryCreate(out Channel near, out Channel far)
    {
        int* ends = stackalloc int[2];
        bool made = socketpair(Local, Stream | CloseOnExec, 0, ends) == 0;
        near = new Channel(made ? ends[0] : -1);
        far = new Channel(made ? ends[1] : -1);
        return made;
    }

    /// <summary>Has a descriptor that came from the parent closed on exec. False: there is none of that number.</summary>
    public static bool CloseOnExecute(int descriptor) => fcntl(descriptor, SetFlags, FlagCloseOnExec) == 0;

    /// <summary>Sends one byte. False: the other end is closed.</summary>
    public bool Send(byte value)
    {
        nint sent;
        do
        {
            sent = send(_descriptor, &value, 1, NoSignal);
        }
        while (sent < 0 && Marshal.GetLastPInvokeError() == LinuxError.Interrupted);
        return sent == 1;
    }

    /// <summary>Waits up to so many milliseconds (-1: for ever) for a byte.</summary>
    /// <returns>The byte; -1: the other end is closed; -2: none came in time.</returns>
    public int Receive(int milliseconds)
    {
        long end = Environment.TickCount64 + milliseconds;
        for (; ; )
        {
            long left = milliseconds < 0 ? -1 : Math.Max(0, end - Environment.TickCount64);
            if (Posix.IsReadable(_descriptor, (int)left))
            {
                byte value;
                nint received = Posix.Read(_descriptor, new Span<byte>(&value, 1));
                if (received == 1)
                {
                    return value;
                }

                if (received == 0 || Marshal.GetLastPInvokeError() != LinuxError.Interrupted)
                {
                    return -1;
                }
            }
            else if (left == 0)
            {
                return -2;
            }
        }
    }

    /// <summary>Has this end see the other as closed, which ends a <see cref="Receive"/>. Called by any thread.</summary>
    public void Cancel() => _ = shutdown(_descriptor, BothWays);

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            Posix.Close(_descriptor);
        }

        _descriptor = -1;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int type, int protocol, int* ends);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int shutdown(int socket, int how);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);
}
