using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>Opens the sockets that a server listens on, or adopts sockets that were passed to the process.</summary>
internal static class ListeningSockets
{
    /// <summary>The length of the accept queue. More than any kernel grants: it applies its own limit (listen(2), net.core.somaxconn).</summary>
    private const int Backlog = 65_535;

    private const int MaxPortTries = 16;

    /// <summary>
    /// The variable that says how many threads .NET starts with the first <see cref="Socket"/> for asynchronous calls. There
    /// are no such calls here, so 0 saves a thread and an epoll instance. .NET reads it once, and from the environment only. start.c
    /// has set it where that is linked in.
    /// </summary>
    private const string AsyncThreadsVariable = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>The value 1 of a socket option, in the machine's byte order.</summary>
    private static ReadOnlySpan<byte> One => BitConverter.IsLittleEndian ? [1, 0, 0, 0] : [0, 0, 0, 1];

    /// <summary>
    /// Binds and listens on each address and Unix path, or where there is none on all interfaces: one dual-stack socket where IPv6
    /// exists, else IPv4. Port 0: the system picks one, the same for all addresses.
    /// </summary>
    /// <param name="options">Where to listen.</param>
    /// <param name="sockets">Bound and listening; the caller owns them. None where it fails.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryOpen(
        ListenOptions options, out List<Socket> sockets, [NotNullWhen(false)] out string? error)
    {
        DisableAsyncThreads();
        var opened = new List<Socket>();
        sockets = opened;
        for (int left = MaxPortTries; ; left--)
        {
            if (TryOpenAll(options, opened, out bool isInUse, out error))
            {
                return true;
            }

            Close(opened, removeFiles: true);

            // The port that the system picked for the first address may be taken on the second.
            if (options.Port != 0 || options.Addresses.Length < 2 || !isInUse || left == 0)
            {
                return false;
            }
        }
    }

    /// <summary>Listens where the operators' pages are to be.</summary>
    /// <param name="options">Where that is; they say so.</param>
    /// <param name="socket">Bound and listening; the caller owns it. Null where it fails.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryOpenAdmin(
        ListenOptions options, [NotNullWhen(true)] out Socket? socket, [NotNullWhen(false)] out string? error)
    {
        var opened = new List<Socket>();
        socket = null;
        if (options.AdminPath is { } path)
        {
            if (UnixSocketFile.TryListen(path, options, Backlog, out socket, out error))
            {
                Prepare(socket);
                return true;
            }
        }
        else if (TryOpenOne(options.AdminEndPoint!, dualStack: false, shared: false, opened, out _, out error))
        {
            socket = opened[0];
            return true;
        }

        error = error.Replace("--bind", "--admin", StringComparison.Ordinal).Replace("--port", "--admin", StringComparison.Ordinal);
        return false;
    }

    /// <summary>Adopts descriptors that the process was started with. They must be listening sockets of TCP, or Unix stream sockets.</summary>
    /// <param name="descriptors">Descriptor numbers; not checked yet, and perhaps not open.</param>
    /// <param name="sockets">Listening; the caller owns them. None where it fails.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryAdopt(
        ReadOnlySpan<int> descriptors, out List<Socket> sockets, [NotNullWhen(false)] out string? error)
    {
        DisableAsyncThreads();
        var adopted = new List<Socket>();
        sockets = adopted;
        error = null;
        foreach (int descriptor in descriptors)
        {
            if (AdoptOne(descriptor) is not { } socket)
            {
                adopted.ForEach(static socket => socket.Dispose());
                adopted.Clear();
                error = $"descriptor {descriptor}" + ", passed in by LISTEN_FDS, is not a listening TCP or Unix socket; "u8.Text()
                    + "pass only such (in a systemd socket unit, ListenStream= with a port or a path)"u8.Text();
                return false;
            }

            adopted.Add(socket);
        }

        return true;
    }

    /// <summary>Closes sockets.</summary>
    /// <param name="sockets">Is empty afterwards.</param>
    /// <param name="removeFiles">Whether they were opened here, so that it is as if they had never been.</param>
    public static void Close(List<Socket> sockets, bool removeFiles)
    {
        foreach (Socket socket in sockets)
        {
            if (removeFiles)
            {
                UnixSocketFile.Of(socket)?.TryRemove();
            }

            socket.Dispose();
        }

        sockets.Clear();
    }

    /// <summary>The socket; null where the descriptor is not a listening stream socket's.</summary>
    private static Socket? AdoptOne(int descriptor)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        try
        {
            var socket = new Socket(handle);
            if (socket.SocketType == SocketType.Stream && socket.LocalEndPoint is IPEndPoint or UnixDomainSocketEndPoint
                && socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.AcceptConnection) is 1)
            {
                Prepare(socket);
                return socket;
            }

            socket.Dispose();
        }
        catch (Exception e) when (e is SocketException or ArgumentException)
        {
            handle.SetHandleAsInvalid(); // Not an open socket, so it must not be closed as one.
        }

        return null;
    }

    private static bool TryOpenAll(
        ListenOptions options, List<Socket> opened, out bool isInUse, [NotNullWhen(false)] out string? error)
    {
        if (!TryOpenPort(options, options.Port, opened, out isInUse, out error))
        {
            return false;
        }

        foreach (string path in options.UnixPaths)
        {
            if (!UnixSocketFile.TryListen(path, options, Backlog, out Socket? socket, out error))
            {
                return false;
            }

            Prepare(socket);
            opened.Add(socket);
        }

        if (options.HttpPort is not { } plain || TryOpenPort(options, plain, opened, out isInUse, out error))
        {
            return true;
        }

        error = error.Replace("--port", "--http-port", StringComparison.Ordinal);
        return false;
    }

    /// <summary>Opens one port at all addresses; none where there are Unix sockets only.</summary>
    private static bool TryOpenPort(
        ListenOptions options, int port, List<Socket> opened, out bool isInUse, [NotNullWhen(false)] out string? error)
    {
        isInUse = false;
        error = null;
        if (options.IsEverywhere)
        {
            // A dual-stack IPv6 socket, or an IPv4 socket where the machine has no IPv6.
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

            port = ((IPEndPoint)opened[^1].LocalEndPoint!).Port;
        }

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
            error = Explain(endPoint, why, ErrorText.Describe(e));
            return false;
        }
    }

    /// <summary>
    /// SO_REUSEADDR: the server can start while connections of an earlier one are in TIME_WAIT. A raw option, because
    /// <see cref="SocketOptionName.ReuseAddress"/> also sets SO_REUSEPORT on Unix, which would let two servers share a port
    /// by mistake.
    /// </summary>
    private static void AllowRebinding(Socket socket) =>
        socket.SetRawSocketOption(RawSocketOptions.SocketLevel, RawSocketOptions.ReuseAddress, One);

    /// <summary>SO_REUSEPORT.</summary>
    private static void AllowSharing(Socket socket) =>
        socket.SetRawSocketOption(RawSocketOptions.SocketLevel, RawSocketOptions.ReusePort, One);

    private static void Prepare(Socket socket)
    {
        if (socket.AddressFamily != AddressFamily.Unix)
        {
            socket.NoDelay = true; // Accepted sockets inherit it. A response is sent in one piece, so waiting for an ACK gains nothing.
        }

        socket.Blocking = false;
    }

    private static void DisableAsyncThreads()
    {
        // The first call of SetEnvironmentVariable makes strings of all variables.
        if (Environment.GetEnvironmentVariable(AsyncThreadsVariable) != "0")
        {
            Environment.SetEnvironmentVariable(AsyncThreadsVariable, "0");
        }
    }

    private static string Explain(IPEndPoint endPoint, SocketError why, string message) => why switch
    {
        SocketError.AddressAlreadyInUse =>
            $"cannot listen on {endPoint}" + ": the address is in use; stop the other server, or choose another port with --port (0: the system picks one)"u8.Text(),
        SocketError.TooManyOpenSockets =>
            $"cannot listen on {endPoint}" + ": too few descriptors; raise the limit of open files (ulimit -n, LimitNOFILE=) to 64 or more"u8.Text(),
        SocketError.AccessDenied =>
            $"cannot listen on {endPoint}" + ": not permitted; choose a port of 1024 or above with --port, or allow this one (setcap cap_net_bind_service=+ep aotserve)"u8.Text(),
        SocketError.AddressNotAvailable =>
            $"cannot listen on {endPoint}" + ": this machine has no such address; choose one of its own with --bind, or leave --bind out for all"u8.Text(),
        SocketError.AddressFamilyNotSupported =>
            $"cannot listen on {endPoint}" + ": this machine does not speak that kind of address; choose another with --bind"u8.Text(),
        _ => $"cannot listen on {endPoint}: {message}" + "; choose another address with --bind or another port with --port"u8.Text(),
    };
}
