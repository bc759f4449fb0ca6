using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// One end of a pair of connected sockets between two processes, which exchange single bytes over it. Owns its descriptor,
/// which is closed on exec.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class Channel(int descriptor) : IDisposable
{
    /// <summary>What <see cref="Receive"/> returns when the other end is closed (−EPIPE).</summary>
    public const int Closed = -Errno.BrokenPipe;

    /// <summary>What <see cref="Receive"/> returns when no byte came in time (−ETIMEDOUT).</summary>
    public const int TimedOut = -Errno.TimedOut;

    private const int NoSignal = 0x4000; // MSG_NOSIGNAL
    private const int BothDirections = 2; // SHUT_RDWR

    private int _descriptor = descriptor;

    public int Descriptor => _descriptor;

    /// <summary>Makes both ends, which the caller owns; after an error they hold no descriptor.</summary>
    /// <returns>0, or −errno.</returns>
    public static int Create(out Channel near, out Channel far)
    {
        int result = SocketPair.Create(out int first, out int second);
        near = new Channel(first);
        far = new Channel(second);
        return result;
    }

    /// <summary>Sends one byte.</summary>
    /// <returns>1, or −errno: −EPIPE where the other end is closed.</returns>
    public int Send(byte value)
    {
        nint result;
        do
        {
            result = Errno.Result(send(_descriptor, &value, 1, NoSignal));
        }
        while (result == -Errno.Interrupted);
        return (int)result;
    }

    /// <summary>Waits up to <paramref name="milliseconds"/> (−1: without a limit) for a byte.</summary>
    /// <returns>The byte, <see cref="Closed"/> or <see cref="TimedOut"/>.</returns>
    public int Receive(int milliseconds)
    {
        int ready = FileDescriptor.WaitUntilReadable(_descriptor, milliseconds);
        if (ready == 0)
        {
            return TimedOut;
        }

        byte value;
        return ready == 1 && FileDescriptor.Read(_descriptor, new Span<byte>(&value, 1)) == 1 ? value : Closed;
    }

    /// <summary>
    /// Makes this end see the other one as closed, which ends a <see cref="Receive"/> (shutdown(2)). Any thread may call.
    /// </summary>
    public void Cancel() => _ = shutdown(_descriptor, BothDirections);

    public void Dispose()
    {
        if (_descriptor >= 0)
        {
            FileDescriptor.Close(_descriptor);
        }

        _descriptor = -1;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc")]
    private static partial int shutdown(int socket, int how);
}
