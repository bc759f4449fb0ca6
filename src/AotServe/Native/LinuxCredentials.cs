using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Who the process is for the kernel: credentials(7), capabilities(7). Each call returns 0, or an error number with a
/// minus sign, unless it says otherwise.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxCredentials
{
    private const uint Keep = uint.MaxValue;
    private const int ReadBoundingSet = 23;
    private const int DropFromBoundingSet = 24;
    private const int SetNoNewPrivileges = 38;
    private const int AmbientSet = 47;
    private const int ClearAmbientSet = 4;
    private const uint CapabilityVersion3 = 0x20080522;
    private const int InvalidArgument = 22;

    /// <summary>The effective user.</summary>
    public static uint EffectiveUser => geteuid();

    /// <summary>Whether the real, the effective and the saved user and group are these and no others.</summary>
    public static bool Are(uint user, uint group)
    {
        uint* ids = stackalloc uint[6];
        return getresuid(ids, ids + 1, ids + 2) == 0 && getresgid(ids + 3, ids + 4, ids + 5) == 0
            && ids[0] == user && ids[1] == user && ids[2] == user
            && ids[3] == group && ids[4] == group && ids[5] == group;
    }

    /// <summary>How many supplementary groups the process has.</summary>
    public static int SupplementaryGroups => getgroups(0, null);

    /// <summary>Leaves all supplementary groups. The C library sees to it on every thread.</summary>
    public static int LeaveGroups() => Result(setgroups(0, null));

    /// <summary>Takes a group in place of the real, the effective and the saved one, on every thread.</summary>
    public static int SetGroup(uint group) => Result(setresgid(group, group, group));

    /// <summary>
    /// Takes a user in place of the real, the effective and the saved one, on every thread; where root becomes another
    /// so, the capabilities of every thread are gone but for the inheritable ones.
    /// </summary>
    public static int SetUser(uint user) => Result(setresuid(user, user, user));

    /// <summary>Whether the process could become root again.</summary>
    public static bool CanBecomeRoot() => setresuid(Keep, 0, Keep) == 0;

    /// <summary>
    /// For the calling thread: takes every capability out of the bounding set, so that no program that is started can
    /// have it, and out of the ambient one. EPERM without CAP_SETPCAP.
    /// </summary>
    public static int DropBoundingSet()
    {
        for (nuint capability = 0; ; capability++)
        {
            int has = prctl(ReadBoundingSet, capability, 0, 0, 0);
            if (has < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                return error == InvalidArgument ? 0 : -error; // That was the last capability that the kernel knows.
            }

            if (has == 1 && prctl(DropFromBoundingSet, capability, 0, 0, 0) < 0)
            {
                return -Marshal.GetLastPInvokeError();
            }
        }
    }

    /// <summary>For the calling thread: gives up its effective, permitted, inheritable and ambient capabilities.</summary>
    public static int DropCapabilities()
    {
        uint* header = stackalloc uint[] { CapabilityVersion3, 0 };
        uint* none = stackalloc uint[6];
        new System.Span<uint>(none, 6).Clear();
        if (prctl(AmbientSet, ClearAmbientSet, 0, 0, 0) < 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
        {
            return -Marshal.GetLastPInvokeError(); // EINVAL: before Linux 4.3 there is no such set.
        }

        return Result(capset(header, none));
    }

    /// <summary>Whether the calling thread has a capability, effective or permitted; true too where that cannot be told.</summary>
    public static bool HasCapabilities()
    {
        uint* header = stackalloc uint[] { CapabilityVersion3, 0 };
        uint* sets = stackalloc uint[6]; // effective, permitted, inheritable; and their upper halves
        return capget(header, sets) != 0 || (sets[0] | sets[1] | sets[3] | sets[4]) != 0;
    }

    /// <summary>
    /// For the calling thread and what it starts from now on: no program that is run gains rights by its set-user-ID bit
    /// or its file capabilities.
    /// </summary>
    public static int RenounceNewPrivileges() => Result(prctl(SetNoNewPrivileges, 1, 0, 0, 0));

    private static int Result(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : 0;

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc")]
    private static partial int getresuid(uint* real, uint* effective, uint* saved);

    [LibraryImport("libc")]
    private static partial int getresgid(uint* real, uint* effective, uint* saved);

    [LibraryImport("libc")]
    private static partial int getgroups(int size, uint* list);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setgroups(nuint size, uint* list);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresuid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setresgid(uint real, uint effective, uint saved);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capset(uint* header, uint* sets);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int capget(uint* header, uint* sets);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);
}
