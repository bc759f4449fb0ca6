using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The BIO of sessions: OpenSSL's reads and writes become calls of <see cref="SslCallbacks.Read"/> and
/// <see cref="SslCallbacks.Write"/> of the session that the thread is inside of. The BIO itself holds nothing but the socket's number.
/// </summary>
/// <remarks>
/// What else OpenSSL asks of a BIO, a dozen times for each request, the functions of its own BIO for sockets answer (BIO_s_socket(3)),
/// without a way into managed code and out again. They are also how the kernel gets the keys where it is to encrypt
/// (<see cref="KernelTls"/>); from then on what OpenSSL writes, alerts and tickets, is theirs to send.
/// </remarks>
internal static unsafe partial class SslBio
{
    /// <summary>No socket: the kernel gets no keys.</summary>
    public const int NoSocket = -1;

    private const int SourceOrSink = 0x0400 | 127; // BIO_TYPE_SOURCE_SINK, and a number that OpenSSL does not use
    private const int IsByKernel = 73; // BIO_CTRL_GET_KTLS_SEND
    private const int SetSocket = 104; // BIO_C_SET_FD
    private const int KeepOpen = 0; // BIO_NOCLOSE
    private const int RetryRead = 0x01 | 0x08; // BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY
    private const int RetryFlags = 0x07 | 0x08; // BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY
    private const int EndOfFile = 0x800; // BIO_FLAGS_IN_EOF

    private static readonly nint Method = MakeMethod();
    private static readonly delegate* unmanaged[Cdecl]<nint, byte*, int, int> WriteToSocket = BIO_meth_get_write(BIO_s_socket());

    /// <summary>A new one; 0: no memory. The session that it is given to owns it.</summary>
    /// <param name="socket">The socket that the kernel may get the keys of; <see cref="NoSocket"/>: none. It stays open.</param>
    public static nint Create(int socket)
    {
        nint bio = BIO_new(Method);
        if (bio != 0)
        {
            Give(bio, socket);
        }

        return bio;
    }

    /// <summary>Gives it a socket, or takes it away.</summary>
    public static void Give(nint bio, int socket) => _ = BIO_int_ctrl(bio, SetSocket, KeepOpen, socket);

    /// <summary>Whether the kernel encrypts what is sent by its socket.</summary>
    public static bool IsEncryptedByKernel(nint bio) => BIO_ctrl(bio, IsByKernel, 0, null) > 0;

    /// <summary>Frees one that no session has. 0: there is none.</summary>
    public static void Free(nint bio) => _ = BIO_free(bio);

    private static nint MakeMethod()
    {
        fixed (byte* name = "aotserve\0"u8)
        {
            nint method = BIO_meth_new(SourceOrSink, name);
            nint socket = BIO_s_socket();
            if (method == 0
                || BIO_meth_set_read_ex(method, &OnRead) != 1
                || BIO_meth_set_write_ex(method, &OnWrite) != 1
                || BIO_meth_set_create(method, BIO_meth_get_create(socket)) != 1
                || BIO_meth_set_destroy(method, BIO_meth_get_destroy(socket)) != 1
                || BIO_meth_set_ctrl(method, BIO_meth_get_ctrl(socket)) != 1)
            {
                throw new OutOfMemoryException("OpenSSL has no memory for its first object."u8.Text());
            }

            return method;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnRead(nint bio, byte* bytes, nuint length, nuint* read)
    {
        *read = 0;
        BIO_clear_flags(bio, RetryFlags);
        int count;
        try
        {
            count = SslCallbacks.Current?.Read(new Span<byte>(bytes, (int)Math.Min(length, int.MaxValue))) ?? -2;
        }
        catch (Exception)
        {
            count = -2;
        }

        if (count > 0)
        {
            *read = (nuint)count;
            return 1;
        }

        if (count == 0)
        {
            BIO_set_flags(bio, EndOfFile);
        }
        else if (count == -1)
        {
            BIO_set_flags(bio, RetryRead);
        }

        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnWrite(nint bio, byte* bytes, nuint length, nuint* written)
    {
        *written = 0;
        if (KernelTls.IsThere && IsEncryptedByKernel(bio))
        {
            // The kind of record is known to the socket's BIO alone.
            int sent = WriteToSocket(bio, bytes, (int)length);
            *written = (nuint)Math.Max(0, sent);
            return sent > 0 ? 1 : 0;
        }

        BIO_clear_flags(bio, RetryFlags);
        try
        {
            SslCallbacks.Current!.Write(new ReadOnlySpan<byte>(bytes, (int)length));
            *written = length;
            return 1;
        }
        catch (Exception)
        {
            return 0; // No memory.
        }
    }

    [LibraryImport("libcrypto")]
    private static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_read_ex(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> read);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_write_ex(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> write);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_create(nint method, nint create);

    [LibraryImport("libcrypto")]
    private static partial nint BIO_meth_get_create(nint method);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_destroy(nint method, nint destroy);

    [LibraryImport("libcrypto")]
    private static partial nint BIO_meth_get_destroy(nint method);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_ctrl(nint method, nint control);

    [LibraryImport("libcrypto")]
    private static partial nint BIO_meth_get_ctrl(nint method);

    [LibraryImport("libcrypto")]
    private static partial delegate* unmanaged[Cdecl]<nint, byte*, int, int> BIO_meth_get_write(nint method);

    [LibraryImport("libcrypto")]
    private static partial nint BIO_s_socket();

    [LibraryImport("libcrypto")]
    private static partial nint BIO_new(nint method);

    [LibraryImport("libcrypto")]
    private static partial int BIO_free(nint bio);

    [LibraryImport("libcrypto")]
    private static partial nint BIO_int_ctrl(nint bio, int command, nint argument, int number);

    [LibraryImport("libcrypto")]
    private static partial nint BIO_ctrl(nint bio, int command, nint argument, void* pointer);

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    private static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    private static partial void BIO_clear_flags(nint bio, int flags);
}
