using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>prctl(2), most of whose operations concern only the calling thread.</summary>
[SupportedOSPlatform("linux")]
internal static partial class ProcessControl
{
    /// <summary>PR_SET_NAME.</summary>
    public const int SetName = 15;

    /// <summary>PR_GET_SECCOMP.</summary>
    public const int GetSeccomp = 21;

    /// <summary>PR_CAPBSET_READ.</summary>
    public const int ReadBoundingSet = 23;

    /// <summary>PR_CAPBSET_DROP.</summary>
    public const int DropFromBoundingSet = 24;

    /// <summary>PR_SET_NO_NEW_PRIVS.</summary>
    public const int SetNoNewPrivileges = 38;

    /// <summary>PR_CAP_AMBIENT.</summary>
    public const int AmbientSet = 47;

    /// <summary>PR_CAP_AMBIENT_CLEAR_ALL, an argument of <see cref="AmbientSet"/>.</summary>
    public const int ClearAmbientSet = 4;

    /// <summary>Makes the call. Returns its result or −errno.</summary>
    public static int Invoke(int operation, nint first = 0, nint second = 0) =>
        Errno.Result(prctl(operation, first, second, 0, 0));

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int operation, nint first, nint second, nint third, nint fourth);
}
