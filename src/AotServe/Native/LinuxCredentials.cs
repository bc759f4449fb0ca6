using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// The process's users, groups and capabilities: credentials(7), capabilities(7). Each call returns 0 or −errno, unless it
/// says otherwise.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxCredentials
{
    private const uint Root = 0;
    private const uint Keep = uint.MaxValue;
    private const uint CapabilityVersion3 = 0x20080522; // _LINUX_CAPABILITY_VERSION_3
    private const int CapabilitySets = 6; // effective, permitted, inheritable; and their upper halves

    /// <summary>The effective user.</summary>
    public static uint EffectiveUser => geteuid();

    /// <summary>Whether the real, the effective and the saved user and group are all these.</summary>
    public static bool Are(uint user, uint group)
    {
        uint* ids = stackalloc uint[6];
        return getresuid(ids, ids + 1, ids + 2) == 0 && getresgid(ids + 3, ids + 4, ids + 5) == 0
            && ids[0] == user && ids[1] == user && ids[2] == user
            && ids[3] == group && ids[4] == group && ids[5] == group;
    }

    /// <summary>How many supplementary groups the process has.</summary>
    public static int SupplementaryGroups => getgroups(0, null);

    /// <summary>Leaves all supplementary groups. The C library does it on every thread.</summary>
    public static int LeaveGroups() => Errno.Result(setgroups(0, null));

    /// <summary>Sets the real, the effective and the saved group, on every thread.</summary>
    public static int SetGroup(uint group) => Errno.Result(setresgid(group, group, group));

    /// <summary>
    /// Sets the real, the effective and the saved user, on every thread. Where root becomes another user, every thread
    /// loses its capabilities except the inheritable ones.
    /// </summary>
    public static int SetUser(uint user) => Errno.Result(setresuid(user, user, user));

    /// <summary>Whether the process can become root again. It is root then: the caller must not go on.</summary>
    public static bool CanBecomeRoot() => setresuid(Keep, Root, Keep) == 0;

    /// <summary>
    /// For the calling thread: removes every capability from the bounding set, so that no program that is started can gain
    /// it. −EPERM without CAP_SETPCAP.
    /// </summary>
    public static int DropBoundingSet()
    {
        for (int capability = 0; ; capability++)
        {
            int has = ProcessControl.Invoke(ProcessControl.ReadBoundingSet, capability);
            if (has < 0)
            {
                return has == -Errno.InvalidArgument ? 0 : has; // EINVAL: the one before was the last that the kernel knows.
            }

            if (has == 1 && ProcessControl.Invoke(ProcessControl.DropFromBoundingSet, capability) is < 0 and int error)
            {
                return error;
            }
        }
    }

    /// <summary>For the calling thread: drops its effective, permitted, inheritable and ambient capabilities.</summary>
    public static int DropCapabilities()
    {
        uint* header = stackalloc uint[] { CapabilityVersion3, 0 };
        uint* none = stackalloc uint[CapabilitySets];
        new Span<uint>(none, CapabilitySets).Clear();
        int result = ProcessControl.Invoke(ProcessControl.AmbientSet, ProcessControl.ClearAmbientSet);
        if (result < 0 && result != -Errno.InvalidArgument)
        {
            return result; // EINVAL: before Linux 4.3 there is no ambient set.
        }

        return Errno.Result(capset(header, none));
    }

    /// <summary>Whether the calling thread has a capability, effective or permitted; true too where it cannot be read.</summary>
    public static bool HasCapabilities()
    {
        uint* header = stackalloc uint[] { CapabilityVersion3, 0 };
        uint* sets = stackalloc uint[CapabilitySets];
        return capget(header, sets) != 0 || (sets[0] | sets[1] | sets[3] | sets[4]) != 0;
    }

    /// <summary>
    /// Sets no_new_privs for the calling thread and what it starts from now on: no program that is executed gains
    /// privileges by its set-user-ID bit or its file capabilities.
    /// </summary>
    public static int SetNoNewPrivileges() => ProcessControl.Invoke(ProcessControl.SetNoNewPrivileges, 1);

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

    [LibraryImport("libc")]
    private static partial int capget(uint* header, uint* sets);
}
