using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The BIO of sessions: OpenSSL's reads and writes become calls of <see cref="SslCallbacks.Read"/> and
/// <see cref="SslCallbacks.Write"/> of the session that the thread is inside of. The BIO itself holds nothing.
/// </summary>
internal static unsafe partial class SslBio
{
    private const int SourceOrSink = 0x0400 | 127; // BIO_TYPE_SOURCE_SINK, and a number that OpenSSL does not use
    private const int AsksForEnd = 2; // BIO_CTRL_EOF
    private const int Flush = 11; // BIO_CTRL_FLUSH
    private const int RetryRead = 0x01 | 0x08; // BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY
    private const int RetryFlags = 0x07 | 0x08; // BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY
    private const int EndOfFile = 0x800; // BIO_FLAGS_IN_EOF

    private static readonly nint Method = MakeMethod();

    /// <summary>A new one; 0: no memory. The session that it is given to owns it.</summary>
    public static nint Create()
    {
        nint bio = BIO_new(Method);
        if (bio != 0)
        {
            BIO_set_init(bio, 1);
        }

        return bio;
    }

    private static nint MakeMethod()
    {
        fixed (byte* name = "aotserve\0"u8)
        {
            nint method = BIO_meth_new(SourceOrSink, name);
            if (method == 0
                || BIO_meth_set_read_ex(method, &OnRead) != 1
                || BIO_meth_set_write_ex(method, &OnWrite) != 1
                || BIO_meth_set_ctrl(method, &OnControl) != 1)
            {
                throw new OutOfMemoryException("OpenSSL has no memory for its first object.");
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

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint OnControl(nint bio, int command, nint number, void* pointer) => command switch
    {
        Flush => 1,
        AsksForEnd => BIO_test_flags(bio, EndOfFile) != 0 ? 1 : 0,
        _ => 0,
    };

    [LibraryImport("libcrypto")]
    private static partial nint BIO_meth_new(int type, byte* name);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_read_ex(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> read);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_write_ex(nint method, delegate* unmanaged[Cdecl]<nint, byte*, nuint, nuint*, int> write);

    [LibraryImport("libcrypto")]
    private static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, nint, void*, nint> control);

    [LibraryImport("libcrypto")]
    private static partial nint BIO_new(nint method);

    [LibraryImport("libcrypto")]
    private static partial void BIO_set_init(nint bio, int isInitialized);

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    private static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport("libcrypto")]
    [SuppressGCTransition]
    private static partial void BIO_clear_flags(nint bio, int flags);

    [LibraryImport("libcrypto")]
    private static partial int BIO_test_flags(nint bio, int flags);
}
