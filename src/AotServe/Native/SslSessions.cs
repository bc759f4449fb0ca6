using System;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The functions of a TLS session (SSL, ssl(7)). A session is for one thread at a time, which has set
/// <see cref="SslCallbacks.Current"/> and emptied the error queue.
/// </summary>
internal static unsafe partial class SslSessions
{
    private const int Tls13 = 0x0304;
    private const int WantWrite = 3; // SSL_ERROR_WANT_WRITE
    private const int NoKeyUpdate = -1; // SSL_KEY_UPDATE_NONE

    /// <summary>SSL_ERROR_NONE: it is done.</summary>
    public const int None = 0;

    /// <summary>SSL_ERROR_WANT_READ: it takes more bytes of the client.</summary>
    public const int WantRead = 2;

    /// <summary>SSL_ERROR_ZERO_RETURN: the client has sent close_notify, or ended its side.</summary>
    public const int Closed = 6;

    /// <summary>A new session of a server, with BIOs of its own; 0: no memory. The caller frees it.</summary>
    /// <param name="context">The SSL_CTX.</param>
    /// <param name="socket">The connection, where the kernel is to encrypt what is sent; else <see cref="SslBio.NoSocket"/>.</param>
    public static nint Create(nint context, int socket)
    {
        OpenSsl.ClearErrors();
        nint session = SSL_new(context);
        if (session == 0)
        {
            return 0;
        }

        // One for reading alone, so that the kernel never gets the keys for that: its records come by way of the session.
        nint reader = SslBio.Create(SslBio.NoSocket);
        nint writer = reader == 0 || socket == SslBio.NoSocket ? reader : SslBio.Create(socket);
        if (writer == 0)
        {
            SslBio.Free(reader);
            SSL_free(session);
            return 0;
        }

        SSL_set_bio(session, reader, writer);
        SSL_set_accept_state(session);
        return session;
    }

    /// <summary>Frees a session and its BIO.</summary>
    public static void Free(nint session)
    {
        OpenSsl.ClearErrors();
        SSL_free(session);
    }

    /// <summary>Reads, going on with the handshake where it is not done.</summary>
    /// <param name="session">The session.</param>
    /// <param name="bytes">Where to; not empty.</param>
    /// <param name="error">What stopped it, where nothing was read: one of the constants here, or another number for a failure.</param>
    /// <returns>How many bytes were read, or none.</returns>
    public static int Read(nint session, Span<byte> bytes, out int error)
    {
        fixed (byte* p = bytes)
        {
            int result = SSL_read(session, p, bytes.Length);
            error = result > 0 ? None : SSL_get_error(session, result);
            return Math.Max(0, result);
        }
    }

    /// <summary>Encrypts and writes all of the bytes. False: it failed, and the session cannot be used any more.</summary>
    public static bool Write(nint session, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* p = bytes)
        {
            return SSL_write(session, p, bytes.Length) == bytes.Length;
        }
    }

    /// <summary>Writes close_notify (RFC 8446 §6.1). Not after an error that cannot be recovered from.</summary>
    /// <returns>False: the socket takes no more now; only where the kernel encrypts.</returns>
    public static bool WriteClose(nint session)
    {
        int result = SSL_shutdown(session);
        return result >= 0 || SSL_get_error(session, result) != WantWrite;
    }

    /// <summary>Whether the kernel encrypts what is sent: known once the handshake is done.</summary>
    public static bool IsEncryptedByKernel(nint session) => SslBio.IsEncryptedByKernel(SSL_get_wbio(session));

    /// <summary>Keeps the keys from the kernel, which has not got them yet.</summary>
    public static void KeepFromKernel(nint session) => SslBio.Give(SSL_get_wbio(session), SslBio.NoSocket);

    /// <summary>Whether the client wants what is sent to have new keys (RFC 8446 §4.6.3), and has not got them yet.</summary>
    public static bool AwaitsNewKeys(nint session) => SSL_get_key_update_type(session) != NoKeyUpdate;

    /// <summary>Whether the handshake is done.</summary>
    public static bool IsEstablished(nint session) => SSL_is_init_finished(session) == 1;

    /// <summary>Whether it continues an earlier session of the client.</summary>
    public static bool IsResumed(nint session) => SSL_session_reused(session) == 1;

    /// <summary>Whether TLS 1.3 is spoken: known once the client's first message was read.</summary>
    public static bool IsTls13(nint session) => SSL_version(session) >= Tls13;

    /// <summary>Whether bytes of the client lie inside the session, read from the socket and not yet given out.</summary>
    public static bool HasPending(nint session) => SSL_has_pending(session) == 1;

    /// <summary>The name that the client has asked for (SNI, RFC 6066 §3); empty: none. Valid as long as the session.</summary>
    public static ReadOnlySpan<byte> ServerName(nint session) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(SSL_get_servername(session, 0));

    /// <summary>Has the session use the certificates of another SSL_CTX.</summary>
    public static void ChangeContext(nint session, nint context) => _ = SSL_set_SSL_CTX(session, context);

    [LibraryImport("libssl")]
    private static partial nint SSL_new(nint context);

    [LibraryImport("libssl")]
    private static partial void SSL_free(nint session);

    [LibraryImport("libssl")]
    private static partial void SSL_set_bio(nint session, nint forReading, nint forWriting);

    [LibraryImport("libssl")]
    private static partial void SSL_set_accept_state(nint session);

    [LibraryImport("libssl")]
    private static partial int SSL_read(nint session, byte* bytes, int length);

    [LibraryImport("libssl")]
    private static partial int SSL_write(nint session, byte* bytes, int length);

    [LibraryImport("libssl")]
    private static partial int SSL_shutdown(nint session);

    [LibraryImport("libssl")]
    private static partial int SSL_get_error(nint session, int result);

    [LibraryImport("libssl")]
    [SuppressGCTransition]
    private static partial int SSL_is_init_finished(nint session);

    [LibraryImport("libssl")]
    [SuppressGCTransition]
    private static partial int SSL_session_reused(nint session);

    [LibraryImport("libssl")]
    [SuppressGCTransition]
    private static partial int SSL_has_pending(nint session);

    [LibraryImport("libssl")]
    [SuppressGCTransition]
    private static partial int SSL_version(nint session);

    [LibraryImport("libssl")]
    private static partial nint SSL_get_wbio(nint session);

    [LibraryImport("libssl")]
    private static partial int SSL_get_key_update_type(nint session);

    [LibraryImport("libssl")]
    private static partial byte* SSL_get_servername(nint session, int type);

    [LibraryImport("libssl")]
    private static partial nint SSL_set_SSL_CTX(nint session, nint context);
}
