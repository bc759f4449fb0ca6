using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>The sockets that a server listens on: opened here, or taken over open.</summary>
internal static class ListeningSockets
{
    /// <summary>More than any kernel grants: it cuts this down to its own limit (listen(2), net.core.somaxconn).</summary>
    private const int Backlog = 65_535;

    private const int TriesForCommonPort = 16;

    /// <summary>
    /// How many threads the platform starts, at the first <see cref="Socket"/>, for asynchronous calls. There are none of
    /// those here: a thread and an epoll instance less to start and to keep. Read once, from the environment only.
    /// </summary>
    private const string EngineThreads = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>A socket option that is on, as the system has integers.</summary>
    private static ReadOnlySpan<byte> One => BitConverter.IsLittleEndian ? [1, 0, 0, 0] : [0, 0, 0, 1];

    /// <summary>
    /// Binds and listens on each address, or where there is none on all interfaces: one dual-stack socket where IPv6
    /// exists, else IPv4. Port 0: the system picks one, the same for all addresses.
    /// </summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="sockets">Bound and listening; the caller owns them. None where it fails.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryOpen(
        ListenOptions options, out IReadOnlyList<Socket> sockets, [NotNullWhen(false)] out string? error)
    {
        DoWithoutEngineThreads();
        var opened = new List<Socket>();
        sockets = opened;
        for (int left = TriesForCommonPort; ; left--)
        {
            if (TryOpenAll(options, opened, out bool isInUse, out error))
            {
                return true;
            }

            DisposeAll(opened);

            // The port that the system picked for the first address may be taken on the second.
            if (options.Port != 0 || options.Addresses.Count < 2 || !isInUse || left == 0)
            {
                return false;
            }
        }
    }

    /// <summary>Takes over descriptors that the process was started with, which have to be listening TCP sockets.</summary>
    /// <param name="descriptors">Numbers that may be anything's, or nothing's.</param>
    /// <param name="sockets">Listening; the caller owns them. None where it fails.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryAdopt(
        ReadOnlySpan<int> descriptors, out IReadOnlyList<Socket> sockets, [NotNullWhen(false)] out string? error)
    {
        DoWithoutEngineThreads();
        var adopted = new List<Socket>();
        sockets = adopted;
        error = null;
        foreach (int descriptor in descriptors)
        {
            if (AdoptOne(descriptor) is not { } socket)
            {
                DisposeAll(adopted);
                error = $"descriptor {descriptor}, passed in by LISTEN_FDS, is not a listening TCP socket; "
                    + "pass only such (in a systemd socket unit, ListenStream= with a port)";
                return false;
            }

            adopted.Add(socket);
        }

        return true;
    }

    private static void DisposeAll(List<Socket> sockets)
    {
        foreach (Socket socket in sockets)
        {
            socket.Dispose();
        }

        sockets.Clear();
    }

    /// <summary>The socket; null where the descriptor is not a listening TCP socket's.</summary>
    private static Socket? AdoptOne(int descriptor)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            var socket = new Socket(handle);
            if (socket.SocketType == SocketType.Stream && socket.LocalEndPoint is IPEndPoint
                && socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is 1)
            {
                Prepare(socket);
                return socket;
            }

            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            handle.SetHandleAsInvalid(); // It is not a socket, or not open; and not to be closed as one.
        }

        return null;
    }

    private static bool TryOpenAll(
        ListenOptions options, List<Socket> opened, out bool isInUse, [NotNullWhen(false)] out string? error)
    {
        int port = options.Port;
        isInUse = false;
        if (options.Addresses.Count == 0)
        {
            // An IPv6 socket that takes IPv4 too, or where the machine has no IPv6, an IPv4 one.
            bool isOpen = TryOpenOne(
                new IPEndPoint(IPAddress.IPv6Any, port), true, options.ReusePort, opened, out SocketError why, out error);
            return why is SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable
                ? TryOpenOne(new IPEndPoint(IPAddress.Any, port), false, options.ReusePort, opened, out _, out error)
                : isOpen;
        }

        foreach (IPAddress address in options.Addresses)
        {
            var endPoint = new IPEndPoint(address, port);
            if (!TryOpenOne(endPoint, false, options.ReusePort, opened, out SocketError why, out error))
            {
                isInUse = why == SocketError.AddressAlreadyInUse;
                return false;
            }

            port = ((IPEndPoint)opened[0].LocalEndPoint!).Port;
        }

        error = null;
        return true;
    }

    private static bool TryOpenOne(
        IPEndPoint endPoint,
        bool dualStack,
        bool shared,
        List<Socket> opened,
        out SocketError why,
        [NotNullWhen(false)] out string? error)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = dualStack;
            }

            if (!OperatingSystem.IsWindows())
            {
                AllowRebinding(socket);
            }

            if (shared)
            {
                AllowSharing(socket);
            }

            socket.Bind(endPoint);
            Prepare(socket);
            socket.Listen(Backlog);
            opened.Add(socket);
            why = SocketError.Success;
            error = null;
            return true;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            why = e.SocketErrorCode;
            error = Explain(endPoint, why, e.Message);
            return false;
        }
    }

    /// <summary>
    /// SO_REUSEADDR, so that connections of the server before in TIME_WAIT do not keep this one from starting. Raw, because
    /// <see cref="SocketOptionName.ReuseAddress"/> on Unix also sets SO_REUSEPORT, with which two servers would share a
    /// port unawares.
    /// </summary>
    private static void AllowRebinding(Socket socket) =>
        socket.SetRawSocketOption(RawSocketOptions.SocketLevel, RawSocketOptions.ReuseAddress, One);

    /// <summary>SO_REUSEPORT.</summary>
    private static void AllowSharing(Socket socket) =>
        socket.SetRawSocketOption(RawSocketOptions.SocketLevel, RawSocketOptions.ReusePort, One);

    private static void Prepare(Socket socket)
    {
        socket.NoDelay = true; // Accepted sockets inherit it: an answer is sent whole, never to wait for an ACK.
        socket.Blocking = false;
    }

    private static void DoWithoutEngineThreads() => Environment.SetEnvironmentVariable(EngineThreads, "0");

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
