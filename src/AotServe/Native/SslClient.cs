using System;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The client's side of TLS, over a socket that blocks. It asks this machine's own server, whose certificate is for a name of the
/// outside, so it takes any certificate. Only after <see cref="OpenSsl.Initialize"/>. For one thread.
/// </summary>
internal sealed unsafe partial class SslClient : IDisposable
{
    private readonly nint _context;
    private readonly nint _session;

    private SslClient(nint context, nint session) => (_context, _session) = (context, session);

    /// <summary>Makes a handshake.</summary>
    /// <param name="socket">The descriptor of a connected socket, which the caller keeps open.</param>
    /// <returns>Null: it failed, for <see cref="OpenSsl.TakeError"/>.</returns>
    public static SslClient? Connect(int socket)
    {
        OpenSsl.ClearErrors();
        nint context = SSL_CTX_new(TLS_client_method());
        var client = new SslClient(context, context == 0 ? 0 : SSL_new(context));
        if (client._session != 0 && SSL_set_fd(client._session, socket) == 1 && SSL_connect(client._session) == 1)
        {
            return client;
        }

        client.Dispose();
        return null;
    }

    /// <summary>Sends all of the bytes. False: it failed.</summary>
    public bool Send(ReadOnlySpan<byte> bytes) => SslSessions.Write(_session, bytes);

    /// <summary>Receives some bytes; 0: there are no more, or it failed.</summary>
    public int Receive(Span<byte> bytes) => SslSessions.Read(_session, bytes, out _);

    public void Dispose()
    {
        if (_session != 0)
        {
            SslSessions.Free(_session);
        }

        if (_context != 0)
        {
            SslContexts.Free(_context);
        }
    }

    [LibraryImport("libssl")]
    private static partial nint TLS_client_method();

    [LibraryImport("libssl")]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport("libssl")]
    private static partial nint SSL_new(nint context);

    [LibraryImport("libssl")]
    private static partial int SSL_set_fd(nint session, int socket);

    [LibraryImport("libssl")]
    private static partial int SSL_connect(nint session);
}
