using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>Error numbers of Linux, errno(3), the same on every architecture that .NET runs on.</summary>
internal static class LinuxError
{
    /// <summary>EPERM: not permitted, or a system call that a sandbox refuses.</summary>
    public const int NotPermitted = 1;

    /// <summary>ENOENT: no such file.</summary>
    public const int NotFound = 2;

    /// <summary>EINTR: interrupted by a signal before anything was done.</summary>
    public const int Interrupted = 4;

    /// <summary>ENXIO: a socket, or a device without a driver, was to be opened.</summary>
    public const int NoSuchDevice = 6;

    /// <summary>E2BIG: longer, or deeper, than can be.</summary>
    public const int TooLong = 7;

    /// <summary>EAGAIN: try again.</summary>
    public const int TryAgain = 11;

    /// <summary>ENOMEM: no memory.</summary>
    public const int NoMemory = 12;

    /// <summary>EACCES: permission denied.</summary>
    public const int AccessDenied = 13;

    /// <summary>EXDEV: with RESOLVE_BENEATH, the path leads out of the folder.</summary>
    public const int LeadsOut = 18;

    /// <summary>ENOTDIR: a name before the last one is not a folder.</summary>
    public const int NotAFolder = 20;

    /// <summary>ENFILE: the system has no descriptor left.</summary>
    public const int SystemFilesExhausted = 23;

    /// <summary>EMFILE: the process has no descriptor left.</summary>
    public const int ProcessFilesExhausted = 24;

    /// <summary>ENAMETOOLONG: longer than any name or path can be.</summary>
    public const int NameTooLong = 36;

    /// <summary>ENOSYS: the kernel is older than the system call.</summary>
    public const int NotImplemented = 38;

    /// <summary>ELOOP: too many symbolic links, or one where none may be.</summary>
    public const int TooManyLinks = 40;

    /// <summary>The system's words for an error number.</summary>
    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);
}
