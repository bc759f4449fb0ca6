using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Net;
using System.Net.Sockets;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>
/// The file by which a listening Unix socket is found (unix(7)). It stays when its server is killed: whoever listens at the path next
/// takes its place. Immutable; any thread may use it.
/// </summary>
internal sealed class UnixSocketFile
{
    /// <summary>The longest path, bytes: <c>sun_path</c> of Linux, without the NUL.</summary>
    public const int LongestPath = 107;

    private readonly string _path;
    private readonly LinuxFileIdentity _identity;

    private UnixSocketFile(string path) => (_path, _identity) = (path, Identify(path));

    /// <summary>The full path.</summary>
    public string Path => _path;

    /// <summary>The file of a socket that listens; null: it is no Unix socket, or has no file.</summary>
    public static UnixSocketFile? Of(Socket listening) =>
        listening.LocalEndPoint is UnixDomainSocketEndPoint endPoint && endPoint.ToString() is ['/', ..] path ? new UnixSocketFile(path) : null;

    /// <summary>Makes a socket that listens at a path.</summary>
    /// <param name="path">A full path, at which there is nothing, or the socket of a server that has ended.</param>
    /// <param name="options">Who may connect.</param>
    /// <param name="backlog">The length of the accept queue.</param>
    /// <param name="socket">Listening, and owned by the caller; null where it fails.</param>
    /// <param name="error">One line that says what is wrong, and what would be right.</param>
    public static bool TryListen(
        string path, ListenOptions options, int backlog, [NotNullWhen(true)] out Socket? socket, [NotNullWhen(false)] out string? error)
    {
        var created = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        bool isBound = false;
        socket = null;
        try
        {
            error = MakeWay(path);
            if (error is null)
            {
                // Nobody can connect before Listen, whatever the mode is until then.
                created.Bind(new KeptPath(path));
                isBound = true;
                error = Hand(path, options);
            }

            if (error is null)
            {
                created.Listen(backlog);
                socket = created;
                return true;
            }
        }
        catch (SocketException e)
        {
            error = e.SocketErrorCode switch
            {
                SocketError.AccessDenied => "not permitted; give this user leave to write to its folder, or choose another path with --bind"u8.Text(),
                SocketError.AddressAlreadyInUse => "another server has just begun to listen there; stop it, or choose another path with --bind"u8.Text(),
                _ => Errno.Describe(e.NativeErrorCode) + "; choose another path with --bind",
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            error = "not permitted; give this user leave to write to its folder, or choose another path with --bind"u8.Text();
        }

        if (isBound)
        {
            new UnixSocketFile(path).TryRemove();
        }

        created.Dispose();
        error = $"cannot listen on unix:{path}: {error}";
        return false;
    }

    /// <summary>Removes the file, unless another server's has taken its place.</summary>
    /// <returns>Whether it is not there any more.</returns>
    public bool TryRemove()
    {
        if (Identify(_path) != _identity)
        {
            return true;
        }

        try
        {
            File.Delete(_path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes the socket of a server that has ended. Null, or why there is no place.</summary>
    private static string? MakeWay(string path)
    {
        try
        {
            using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            client.Blocking = false; // A queue that is full would be waited for.
            OutgoingSocket.Connect(client, new UnixDomainSocketEndPoint(path));
            return "another server listens there; stop it, or choose another path with --bind"u8.Text();
        }
        catch (SocketException e)
        {
            switch (e.SocketErrorCode)
            {
                case SocketError.ConnectionRefused when IsSocket(path):
                    File.Delete(path);
                    return null;
                case SocketError.ConnectionRefused or SocketError.ProtocolType:
                    return "there is a file that is no socket of a server; remove it, or choose another path with --bind"u8.Text();
                case SocketError.WouldBlock or SocketError.TryAgain or SocketError.AccessDenied when File.Exists(path):
                    return "another server listens there; stop it, or choose another path with --bind"u8.Text();
                default:
                    return null; // Nothing is there, or binding says what is wrong.
            }
        }
    }

    private static bool IsSocket(string path) =>
        !OperatingSystem.IsLinux() || (LinuxFiles.StatLink(path, out LinuxFileStatus status) == 0 && status.IsSocket);

    /// <summary>Gives the socket its owner and its mode. Null, or what is wrong.</summary>
    private static string? Hand(string path, ListenOptions options)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if (OperatingSystem.IsLinux() && options.SocketOwner is var (user, group) && LinuxFiles.ChangeOwner(path, user, group) is < 0 and int result)
        {
            return $"its owner cannot be set: {Errno.Describe(-result)}";
        }

        File.SetUnixFileMode(path, options.SocketMode);
        return null;
    }

    private static LinuxFileIdentity Identify(string path) =>
        OperatingSystem.IsLinux() && LinuxFiles.StatLink(path, out LinuxFileStatus status) == 0 ? status.Identity : default;

    /// <summary>
    /// A path to bind a socket to. <see cref="Socket"/> removes the file of a <see cref="UnixDomainSocketEndPoint"/> that it was bound to
    /// when it is disposed, also where a successor listens there by now, or another server's file has taken its place.
    /// </summary>
    private sealed class KeptPath(string path) : EndPoint
    {
        private readonly UnixDomainSocketEndPoint _path = new(path);

        /// <inheritdoc/>
        public override AddressFamily AddressFamily => AddressFamily.Unix;

        /// <inheritdoc/>
        public override SocketAddress Serialize() => _path.Serialize();

        /// <inheritdoc/>
        public override EndPoint Create(SocketAddress socketAddress) => _path.Create(socketAddress);
    }
}
