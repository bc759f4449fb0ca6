using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>How many descriptors the process may have open (getrlimit(2), RLIMIT_NOFILE).</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class DescriptorLimit
{
    /// <summary>RLIMIT_NOFILE, which is 8 on the BSDs and macOS.</summary>
    private static int OpenFiles => OperatingSystem.IsLinux() ? 7 : 8;

    /// <summary>Raises the soft limit to the hard limit.</summary>
    /// <returns>The limit now in force, at most <see cref="int.MaxValue"/>, or −errno: it cannot be read.</returns>
    public static int Raise()
    {
        nuint* limit = stackalloc nuint[2]; // struct rlimit: soft, hard
        int result = Errno.Result(getrlimit(OpenFiles, limit));
        if (result < 0)
        {
            return result;
        }

        nuint inForce = limit[0];
        if (inForce < limit[1])
        {
            limit[0] = limit[1];
            if (setrlimit(OpenFiles, limit) == 0)
            {
                inForce = limit[1];
            }
        }

        return (int)Math.Min(inForce, int.MaxValue);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, nuint* limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, nuint* limit);
}
