using System.Runtime.InteropServices;
using System.Text;

namespace AotServe.Native;

/// <summary>
/// The functions of an SSL_CTX: the certificates for one set of names, and what is spoken with clients. Once it is made, any
/// number of threads may make sessions of it. It counts its sessions: it is freed with the last of them.
/// </summary>
internal static unsafe partial class SslContexts
{
    /// <summary>
    /// Mozilla's intermediate profile (version 5.7), without DHE, which is slow and of no use to clients that are still there. The
    /// client chooses: it knows whether it has AES in hardware.
    /// </summary>
    private const string Ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        + "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

    private const string Suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";
    private const string Groups = "X25519:P-256:P-384";

    /// <summary>How long a ticket is of use, seconds: as long as its key is known at least.</summary>
    private const int TicketLifetime = 24 * 60 * 60;

    /// <summary>
    /// How many tickets a client gets in a handshake of TLS 1.3. Each costs a twentieth of the handshake. Own choice, and Go's; OpenSSL's
    /// is two, for a client that goes on with two connections at once and takes no ticket twice.
    /// </summary>
    private const int Tickets = 1;

    private const int Tls12 = 0x0303;
    private const int SetMode = 33; // SSL_CTRL_MODE
    private const int SetReadAhead = 41; // SSL_CTRL_SET_READ_AHEAD
    private const int SetCacheMode = 44; // SSL_CTRL_SET_SESS_CACHE_MODE
    private const int SetServerNameCallback = 53; // SSL_CTRL_SET_TLSEXT_SERVERNAME_CB
    private const int SetGroupsList = 92; // SSL_CTRL_SET_GROUPS_LIST
    private const int SetLeastVersion = 123; // SSL_CTRL_SET_MIN_PROTO_VERSION

    /// <summary>
    /// SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER, SSL_MODE_NO_AUTO_CHAIN (there are no trusted certificates to make a chain of), and
    /// SSL_MODE_RELEASE_BUFFERS.
    /// </summary>
    private const int Modes = 0x02 | 0x08 | 0x10;

    /// <summary>
    /// SSL_OP_NO_COMPRESSION, SSL_OP_NO_RENEGOTIATION, and SSL_OP_IGNORE_UNEXPECTED_EOF: many clients end without close_notify,
    /// and no request is taken for complete because of an end.
    /// </summary>
    private const ulong Options = (1ul << 17) | (1ul << 30) | (1ul << 7);

    private const ulong ByKernel = 1ul << 3; // SSL_OP_ENABLE_KTLS

    /// <summary>Makes one without a certificate. The caller frees it. 0: no memory, or this OpenSSL lacks what is needed.</summary>
    public static nint Create()
    {
        nint context = SSL_CTX_new(TLS_server_method());
        if (context == 0)
        {
            return 0;
        }

        SSL_CTX_set_options(context, KernelTls.IsThere ? Options | ByKernel : Options);
        SSL_CTX_ctrl(context, SetMode, Modes, 0);
        SSL_CTX_ctrl(context, SetReadAhead, 1, 0);
        SSL_CTX_ctrl(context, SetCacheMode, 0, 0); // SSL_SESS_CACHE_OFF: clients bring their sessions, in tickets.
        SSL_CTX_set_timeout(context, TicketLifetime);
        SSL_CTX_set_num_tickets(context, Tickets);
        if (SSL_CTX_ctrl(context, SetLeastVersion, Tls12, 0) != 1 || !TrySetLists(context))
        {
            SSL_CTX_free(context);
            return 0;
        }

        SslCallbacks.Register(context);
        return context;
    }

    /// <summary>Frees one, but for its sessions.</summary>
    public static void Free(nint context) => SSL_CTX_free(context);

    /// <summary>Adds a certificate, beside one of another kind of key. False: OpenSSL refuses it, for <see cref="OpenSsl.TakeError"/>.</summary>
    /// <param name="context">The SSL_CTX.</param>
    /// <param name="certificate">The X509 of the server.</param>
    /// <param name="key">Its private EVP_PKEY.</param>
    /// <param name="chain">The X509 of its issuers, in order.</param>
    public static bool TryAdd(nint context, nint certificate, nint key, System.ReadOnlySpan<nint> chain)
    {
        nint stack = OPENSSL_sk_new_null();
        foreach (nint issuer in chain)
        {
            OPENSSL_sk_push(stack, issuer);
        }

        bool isAdded = stack != 0 && SSL_CTX_use_cert_and_key(context, certificate, key, stack, 1) == 1;
        OPENSSL_sk_free(stack);
        return isAdded;
    }

    internal static void SetCallbacks(
        nint context,
        delegate* unmanaged[Cdecl]<nint, int*, nint, int> serverName,
        delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> protocols,
        delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int> ticket)
    {
        SSL_CTX_callback_ctrl(context, SetServerNameCallback, serverName);
        SSL_CTX_set_alpn_select_cb(context, protocols, 0);
        SSL_CTX_set_tlsext_ticket_key_evp_cb(context, ticket);
    }

    private static bool TrySetLists(nint context)
    {
        fixed (byte* ciphers = Encoding.ASCII.GetBytes(Ciphers + '\0'),
            suites = Encoding.ASCII.GetBytes(Suites + '\0'),
            groups = Encoding.ASCII.GetBytes(Groups + '\0'))
        {
            return SSL_CTX_set_cipher_list(context, ciphers) == 1
                && SSL_CTX_set_ciphersuites(context, suites) == 1
                && SSL_CTX_ctrl(context, SetGroupsList, 0, (nint)groups) == 1;
        }
    }

    [LibraryImport("libssl")]
    private static partial nint TLS_server_method();

    [LibraryImport("libssl")]
    private static partial nint SSL_CTX_new(nint method);

    [LibraryImport("libssl")]
    private static partial void SSL_CTX_free(nint context);

    [LibraryImport("libssl")]
    private static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport("libssl")]
    private static partial nint SSL_CTX_ctrl(nint context, int command, nint number, nint pointer);

    [LibraryImport("libssl")]
    private static partial nint SSL_CTX_set_timeout(nint context, nint seconds);

    [LibraryImport("libssl")]
    private static partial int SSL_CTX_set_num_tickets(nint context, nuint count);

    [LibraryImport("libssl")]
    private static partial int SSL_CTX_set_cipher_list(nint context, byte* list);

    [LibraryImport("libssl")]
    private static partial int SSL_CTX_set_ciphersuites(nint context, byte* list);

    [LibraryImport("libssl")]
    private static partial int SSL_CTX_use_cert_and_key(nint context, nint certificate, nint key, nint chain, int replaces);

    [LibraryImport("libssl")]
    private static partial nint SSL_CTX_callback_ctrl(nint context, int command, delegate* unmanaged[Cdecl]<nint, int*, nint, int> callback);

    [LibraryImport("libssl")]
    private static partial void SSL_CTX_set_alpn_select_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, nint, int> callback, nint argument);

    [LibraryImport("libssl")]
    private static partial int SSL_CTX_set_tlsext_ticket_key_evp_cb(
        nint context, delegate* unmanaged[Cdecl]<nint, byte*, byte*, nint, nint, int, int> callback);

    [LibraryImport("libcrypto")]
    private static partial nint OPENSSL_sk_new_null();

    [LibraryImport("libcrypto")]
    private static partial int OPENSSL_sk_push(nint stack, nint item);

    [LibraryImport("libcrypto")]
    private static partial void OPENSSL_sk_free(nint stack);
}
