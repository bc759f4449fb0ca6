using System;
using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// Error numbers, errno(3). A call of this folder that can fail returns its result, or the error number with a minus sign
/// (−errno). The numbers up to 34 are the same on all systems, except <see cref="TryAgain"/>; the others are those of
/// Linux, the same on every architecture that .NET runs on.
/// </summary>
internal static class Errno
{
    /// <summary>EPERM: not permitted, or a system call that a seccomp filter refuses.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT: no such file.</summary>
    public const int NotFound = 2;

    /// <summary>EINTR: interrupted by a signal before anything was done. The calls of this folder retry it.</summary>
    public const int Interrupted = 4;

    /// <summary>ENXIO: opening a socket, or a device without a driver.</summary>
    public const int NoSuchDevice = 6;

    /// <summary>E2BIG: a list is too long, or rulesets are nested too deeply.</summary>
    public const int TooLong = 7;

    /// <summary>EAGAIN on Linux: try again.</summary>
    public const int TryAgain = 11;

    /// <summary>ENOMEM: no memory.</summary>
    public const int NoMemory = 12;

    /// <summary>EACCES: permission denied.</summary>
    public const int AccessDenied = 13;

    /// <summary>EXDEV: with RESOLVE_BENEATH, the path leads out of the folder.</summary>
    public const int LeadsOut = 18;

    /// <summary>ENOTDIR: a name before the last one is not a folder.</summary>
    public const int NotAFolder = 20;

    /// <summary>EINVAL: an argument that the kernel does not know.</summary>
    public const int InvalidArgument = 22;

    /// <summary>ENFILE: the system has no descriptor left.</summary>
    public const int SystemFilesExhausted = 23;

    /// <summary>EMFILE: the process has no descriptor left.</summary>
    public const int ProcessFilesExhausted = 24;

    /// <summary>EPIPE: the other end of a pipe or a socket is closed.</summary>
    public const int BrokenPipe = 32;

    /// <summary>ENAMETOOLONG: longer than any name or path can be.</summary>
    public const int NameTooLong = 36;

    /// <summary>ENOSYS: the kernel is older than the system call.</summary>
    public const int NotImplemented = 38;

    /// <summary>ELOOP: too many symbolic links, or one where none is allowed.</summary>
    public const int TooManyLinks = 40;

    /// <summary>ENOTCONN: the socket is not connected.</summary>
    public const int NotConnected = 107;

    /// <summary>ETIMEDOUT: the time is up.</summary>
    public const int TimedOut = 110;

    /// <summary>EAGAIN of this system: a non-blocking descriptor is not ready. 35 on the BSDs and macOS.</summary>
    public static int WouldBlock => OperatingSystem.IsLinux() ? TryAgain : 35;

    /// <summary>The system's description of an error number, which has no minus sign.</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);

    /// <summary>
    /// Turns what a C function returned into a result or −errno. To be called right after the function, whose import has
    /// <c>SetLastError</c>.
    /// </summary>
    internal static int Result(int returned) => returned < 0 ? -Marshal.GetLastPInvokeError() : returned;

    /// <inheritdoc cref="Result(int)"/>
    internal static nint Result(nint returned) => returned < 0 ? -Marshal.GetLastPInvokeError() : returned;
}
