using System;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// Records that the kernel encrypts (kTLS, Documentation/networking/tls.rst of Linux), so that sendfile(2) works through TLS. OpenSSL
/// gives the kernel the keys by a BIO that knows the socket (<see cref="SslBio"/>). Only what is sent goes that way.
/// </summary>
internal static unsafe partial class KernelTls
{
    private const int Protocol = 31; // TCP_ULP
    private const int InternetFamily = 2; // AF_INET
    private const int StreamType = 1; // SOCK_STREAM
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC of Linux

    /// <summary>
    /// Whether the kernel has it. It is asked at the first use, when the certificates are read at start, while the process may still have it load
    /// its module.
    /// </summary>
    public static bool IsThere { get; } = Probe();

    private static ReadOnlySpan<byte> Name => "tls"u8;

    /// <summary>Without a connection, the kernel answers ENOTCONN where it has it, and ENOENT where not.</summary>
    private static bool Probe()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        // Not by Socket, which starts a thread with its first one: that would be before signals are blocked, and take them from the main thread.
        int descriptor = Errno.Result(socket(InternetFamily, StreamType | CloseOnExec, 0));
        if (descriptor < 0)
        {
            return false;
        }

        bool isThere = Enable(descriptor) == -Errno.NotConnected;
        FileDescriptor.Close(descriptor);
        return isThere;
    }

    /// <summary>Prepares a connection for it, which changes nothing until there are keys. False: the kernel does not.</summary>
    /// <param name="socket">The descriptor of a connected socket.</param>
    public static bool TryEnable(int socket) => IsThere && Enable(socket) == 0;

    /// <summary>0 or −errno.</summary>
    private static int Enable(int socket)
    {
        fixed (byte* name = Name)
        {
            return Errno.Result(setsockopt(socket, RawSocketOptions.TcpLevel, Protocol, name, (uint)Name.Length));
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int socket, int level, int option, void* value, uint length);
}
