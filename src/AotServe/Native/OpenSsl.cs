using System;
using System.Runtime.InteropServices;
using System.Text;

namespace AotServe.Native;

/// <summary>
/// OpenSSL as a whole (libcrypto, libssl; 3.0 or later). Only an executable that was linked with it may call this and the other
/// <c>Ssl…</c> classes. Any thread may call; each has an error queue of its own.
/// </summary>
internal static unsafe partial class OpenSsl
{
    private const int VersionString = 6; // OPENSSL_VERSION_STRING
    private const int LongestReason = 256;

    /// <summary>OPENSSL_INIT_NO_LOAD_CONFIG: no file of the machine changes what this server does.</summary>
    private const ulong NoConfiguration = 0x80;

    /// <summary>OPENSSL_INIT_NO_ATEXIT: threads may still be inside OpenSSL when the process ends.</summary>
    private const ulong NoExitHandler = 0x80000;

    [ThreadStatic]
    private static bool _hasNoErrors;

    /// <summary>The version of the library that is linked in: <c>3.0.19</c>.</summary>
    public static string Version => Marshal.PtrToStringUTF8((nint)OpenSSL_version(VersionString)) ?? "";

    /// <summary>Prepares the library. Called before anything else of it; calling it again does nothing.</summary>
    public static bool Initialize()
    {
        NativeStart.PrepareOpenSsl();
        return OPENSSL_init_ssl(NoConfiguration | NoExitHandler, 0) == 1;
    }

    /// <summary>
    /// Empties the calling thread's error queue, unless it is known to be empty. Each call that may fail begins with an empty one
    /// (SSL_get_error(3)).
    /// </summary>
    public static void ClearErrors()
    {
        if (!_hasNoErrors)
        {
            ERR_clear_error();
        }

        _hasNoErrors = false;
    }

    /// <summary>
    /// The call since <see cref="ClearErrors"/> has left no errors: it read or wrote, on a session whose handshake was done before. Emptying
    /// the queue writes all of its sixteen places.
    /// </summary>
    public static void NoteSuccess() => _hasNoErrors = true;

    /// <summary>What the last error of the calling thread is, in OpenSSL's few words. Empties the queue.</summary>
    public static string TakeError()
    {
        nuint error = ERR_peek_last_error();
        string? reason = Marshal.PtrToStringUTF8((nint)ERR_reason_error_string(error));
        if (reason is null && error != 0)
        {
            byte* text = stackalloc byte[LongestReason];
            ERR_error_string_n(error, text, LongestReason);
            reason = Encoding.ASCII.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
        }

        ERR_clear_error();
        return reason ?? "unknown error";
    }

    [LibraryImport("libcrypto")]
    private static partial byte* OpenSSL_version(int type);

    [LibraryImport("libssl")]
    private static partial int OPENSSL_init_ssl(ulong options, nint settings);

    [LibraryImport("libcrypto")]
    private static partial void ERR_clear_error();

    [LibraryImport("libcrypto")]
    private static partial nuint ERR_peek_last_error();

    [LibraryImport("libcrypto")]
    private static partial byte* ERR_reason_error_string(nuint error);

    [LibraryImport("libcrypto")]
    private static partial void ERR_error_string_n(nuint error, byte* text, nuint length);
}
