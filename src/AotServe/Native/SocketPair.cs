using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>socketpair(2): two Unix stream sockets that are connected to each other and have no address.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class SocketPair
{
    private const int UnixFamily = 1; // AF_UNIX
    private const int Stream = 1; // SOCK_STREAM
    private const int CloseOnExec = 0x80000; // SOCK_CLOEXEC of Linux

    /// <summary>Makes both sockets, closed on exec. The caller owns the descriptors; they are −1 after an error.</summary>
    /// <returns>0, or −errno: no descriptor or no memory is left.</returns>
    public static int Create(out int first, out int second)
    {
        int* pair = stackalloc int[] { -1, -1 };
        int type = OperatingSystem.IsLinux() ? Stream | CloseOnExec : Stream;
        int result = Errno.Result(socketpair(UnixFamily, type, 0, pair));
        first = pair[0];
        second = pair[1];
        if (result == 0 && !OperatingSystem.IsLinux())
        {
            _ = FileDescriptor.SetCloseOnExec(first);
            _ = FileDescriptor.SetCloseOnExec(second);
        }

        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socketpair(int family, int type, int protocol, int* pair);
}
