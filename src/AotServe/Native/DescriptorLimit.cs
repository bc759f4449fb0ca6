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

    /// <summary>OPEN_MAX of macOS, which takes no more from setrlimit(2), not even where the hard limit is infinite.</summary>
    private const int MostOnMac = 10_240;

    /// <summary>Raises the soft limit to what <see cref="Wanted"/> says.</summary>
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
        nuint wanted = Wanted(inForce, limit[1], OperatingSystem.IsMacOS());
        if (inForce < wanted)
        {
            limit[0] = wanted;
            if (setrlimit(OpenFiles, limit) == 0)
            {
                inForce = wanted;
            }
        }

        return (int)Math.Min(inForce, int.MaxValue);
    }

    /// <summary>The soft limit to ask for: the hard limit, or as much of it as macOS takes; never less than what is in force.</summary>
    internal static nuint Wanted(nuint soft, nuint hard, bool isMacOS) => Math.Max(soft, isMacOS ? Math.Min(hard, MostOnMac) : hard);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrlimit(int resource, nuint* limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, nuint* limit);
}
