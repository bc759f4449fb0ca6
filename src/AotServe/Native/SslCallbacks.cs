using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// What OpenSSL asks of the session that the calling thread is inside of. An exception that left a function which native code
/// has called would end the process, so none does: it becomes the failure of that function.
/// </summary>
internal abstract unsafe class SslCallbacks
{
    /// <summary>The length of the name of a ticket key, bytes.</summary>
    public const int TicketNameLength = 16;

    private const int Ok = 0; // SSL_TLSEXT_ERR_OK
    private const int Fatal = 2; // SSL_TLSEXT_ERR_ALERT_FATAL
    private const int LongestName = 255;

    [ThreadStatic]
    private static SslCallbacks? _current;

    /// <summary>Set before a call into OpenSSL on a session, and null afterwards.</summary>
    public static SslCallbacks? Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The one protocol that is spoken here, as ALPN writes it (RFC 7301 §3.1): its length and its name.</summary>
    private static ReadOnlySpan<byte> Protocol => "\x8http/1.1"u8;

    /// <summary>Reads what the client has sent.</summary>
    /// <returns>How many bytes; 0: the client has ended its side; −1: there are none now; −2: the connection broke.</returns>
    public abstract int Read(Span<byte> bytes);

    /// <summary>Takes bytes for the client, all of them.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes);

    /// <summary>The SSL_CTX for a name that the client asks for; 0: stay with the one that there is.</summary>
    /// <param name="name">As it was sent.</param>
    public abstract nint ContextFor(ReadOnlySpan<byte> name);

    /// <summary>The key for new tickets.</summary>
    /// <returns>Null: no ticket is made.</returns>
    public abstract SslTicketKey? NewestKey();

    /// <summary>The key of a ticket that a client has brought.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Null: it is not known (any more), and the client has to do without the ticket.</returns>
    public abstract SslTicketKey? KeyOf(ReadOnlySpan<byte> name);

    /// <summary>Registers the callbacks with an SSL_CTX.</summary>
    internal static void Register(nint context) => SslContexts.SetCallbacks(context, &OnServerName, &OnProtocols, &OnTicket);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnServerName(nint session, int* alert, nint argument)
    {
        try
        {
            ReadOnlySpan<byte> name = SslSessions.ServerName(session);
            if (name.Length is > 0 and <= LongestName && _current?.ContextFor(name) is { } context and not 0)
            {
                SslSessions.ChangeContext(session, context);
            }

            return Ok;
        }
        catch (Exception)
        {
            return Fatal;
        }
    }

    /// <summary>RFC 7301 §3.2: a client that offers protocols, but not this one, is told so.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnProtocols(nint session, byte** chosen, byte* chosenLength, byte* offered, uint length, nint argument)
    {
        // No code here can throw: the lengths are checked, and OpenSSL has checked them before.
        for (uint at = 0; at < length && at + 1 + offered[at] <= length; at += 1u + offered[at])
        {
            if (new ReadOnlySpan<byte>(offered + at, 1 + offered[at]).SequenceEqual(Protocol))
            {
                *chosen = offered + at + 1;
                *chosenLength = offered[at];
                return Ok;
            }
        }

        return Fatal;
    }

    /// <summary>
    /// SSL_CTX_set_tlsext_ticket_key_evp_cb(3): 1: it is done; 2: so it is, and the client gets another ticket; 0: there is no such key; −1: it
    /// failed. Clients of TLS 1.3 use a ticket once (RFC 8446 §C.4), so each that they bring gives another one; and so does one of an old key.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnTicket(nint session, byte* name, byte* vector, nint cipher, nint mac, int isNew)
    {
        try
        {
            var keyName = new Span<byte>(name, TicketNameLength);
            SslTicketKey? key = isNew != 0 ? _current?.NewestKey() : _current?.KeyOf(keyName);
            if (key is null || !key.Prepare(keyName, vector, cipher, mac, isNew != 0))
            {
                return key is null ? 0 : -1;
            }

            return isNew == 0 && (SslSessions.IsTls13(session) || key != _current?.NewestKey()) ? 2 : 1;
        }
        catch (Exception)
        {
            return -1;
        }
    }
}
