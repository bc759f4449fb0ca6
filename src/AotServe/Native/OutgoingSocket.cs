using System;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// connect(2), in place of <see cref="Socket.Connect(EndPoint)"/>, with which .NET's tracing of connections comes into the executable, 49 KB.
/// </summary>
internal static unsafe partial class OutgoingSocket
{
    /// <summary>
    /// Connects a socket; retries EINTR. Waits as long as its <see cref="Socket.SendTimeout"/> at most, and not at all where it is not blocking.
    /// </summary>
    /// <exception cref="SocketException">It is not connected; <see cref="SocketError.InProgress"/>: not in that time.</exception>
    public static void Connect(Socket socket, EndPoint endPoint)
    {
        if (OperatingSystem.IsWindows())
        {
            socket.Connect(endPoint);
            return;
        }

        SocketAddress address = endPoint.Serialize();
        fixed (byte* p = address.Buffer.Span)
        {
            int result;
            do
            {
                result = Errno.Result(connect((int)socket.Handle, p, (uint)address.Size));
            }
            while (result == -Errno.Interrupted);
            if (result < 0)
            {
                throw new SocketException(); // Of the error number that the call has left.
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int socket, byte* address, uint length);
}
