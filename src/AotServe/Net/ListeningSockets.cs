using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>Opens the sockets that a server listens on.</summary>
internal static class ListeningSockets
{
    /// <summary>More than any kernel grants: it cuts this down to its own limit (listen(2), net.core.somaxconn).</summary>
    private const int Backlog = 65_535;

    private const int TriesForCommonPort = 16;

    /// <summary>
    /// Binds and listens on each address, or where there is none on all interfaces: one dual-stack socket where IPv6
    /// exists, else IPv4. Port 0: the system picks one, the same for all addresses.
    /// </summary>
    /// <returns>Null, and the sockets, which the caller owns; or one line that says what is wrong, and no sockets.</returns>
    public static string? TryOpen(IReadOnlyList<IPAddress> addresses, int port, out IReadOnlyList<Socket> sockets)
    {
        for (int left = TriesForCommonPort; ; left--)
        {
            var opened = new List<Socket>();
            string? error = TryOpenAll(addresses, port, opened, out bool inUse);
            sockets = opened;
            if (error is null)
                return null;
            foreach (Socket socket in opened)
                socket.Dispose();
            opened.Clear();

            // The port that the system picked for the first address may be taken on the second.
            if (port != 0 || addresses.Count < 2 || !inUse || left == 0)
                return error;
        }
    }

    private static string? TryOpenAll(
        IReadOnlyList<IPAddress> addresses, int port, List<Socket> opened, out bool inUse)
    {
        inUse = false;
        if (addresses.Count == 0)
        {
            // An IPv6 socket that takes IPv4 too, or where the machine has no IPv6, an IPv4 one.
            string? dual = TryOpenOne(new IPEndPoint(IPAddress.IPv6Any, port), dualStack: true, opened, out SocketError why);
            return why is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable
                ? TryOpenOne(new IPEndPoint(IPAddress.Any, port), dualStack: false, opened, out _)
                : dual;
        }

        foreach (IPAddress address in addresses)
        {
            if (TryOpenOne(new IPEndPoint(address, port), dualStack: false, opened, out SocketError why) is { } error)
            {
                inUse = why == SocketError.AddressAlreadyInUse;
                return error;
            }

            port = ((IPEndPoint)opened[0].LocalEndPoint!).Port;
        }

        return null;
    }

    private static string? TryOpenOne(IPEndPoint endPoint, bool dualStack, List<Socket> opened, out SocketError why)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = dualStack;
            if (!OperatingSystem.IsWindows())
                AllowRebinding(socket);
            socket.Bind(endPoint);
            socket.NoDelay = true; // Accepted sockets inherit it: an answer is sent whole, never to wait for an ACK.
            socket.Blocking = false;
            socket.Listen(Backlog);
            opened.Add(socket);
            why = SocketError.Success;
            return null;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            why = e.SocketErrorCode;
            return Explain(endPoint, why, e.Message);
        }
    }

    /// <summary>
    /// SO_REUSEADDR, so that connections of the server before in TIME_WAIT do not keep this one from starting. Raw, because
    /// <see cref="SocketOptionName.ReuseAddress"/> on Unix also sets SO_REUSEPORT, with which two servers would share a
    /// port unawares.
    /// </summary>
    private static void AllowRebinding(Socket socket)
    {
        ReadOnlySpan<byte> one = BitConverter.IsLittleEndian ? [1, 0, 0, 0] : [0, 0, 0, 1];
        (int level, int option) = OperatingSystem.IsLinux() ? (1, 2) : (0xFFFF, 4);
        socket.SetRawSocketOption(level, option, one);
    }

    private static string Explain(IPEndPoint endPoint, SocketError why, string message) => why switch
    {
        SocketError.AddressAlreadyInUse =>
            $"cannot listen on {endPoint}: the address is in use; stop the other server, or choose another port with --port (0: the system picks one)",
        SocketError.AccessDenied =>
            $"cannot listen on {endPoint}: not permitted; choose a port of 1024 or above with --port, or allow this one (setcap cap_net_bind_service=+ep aotserve)",
        SocketError.AddressNotAvailable =>
            $"cannot listen on {endPoint}: this machine has no such address; choose one of its own with --bind, or leave --bind out for all",
        SocketError.AddressFamilyNotSupported =>
            $"cannot listen on {endPoint}: this machine does not speak that kind of address; choose another with --bind",
        _ => $"cannot listen on {endPoint}: {message}; choose another address with --bind or another port with --port",
    };
}
