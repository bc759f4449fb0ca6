using System.Runtime.InteropServices;

namespace AotServe.Native;

/// <summary>
/// The system calls of 64-bit Linux for which a C library that is in use has no function, or one that does more (syscall(2)). The
/// numbers from 424 on are the same on every architecture; the older ones differ.
/// </summary>
internal static partial class SystemCall
{
    /// <summary>close_range(2).</summary>
    public const int CloseRange = 436;

    /// <summary>openat2(2).</summary>
    public const int OpenAt2 = 437;

    /// <summary>landlock_create_ruleset(2).</summary>
    public const int LandlockCreateRuleset = 444;

    /// <summary>landlock_add_rule(2).</summary>
    public const int LandlockAddRule = 445;

    /// <summary>landlock_restrict_self(2).</summary>
    public const int LandlockRestrictSelf = 446;

    /// <summary>getdents64(2).</summary>
    public static int GetDirectoryEntries => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 217,
        Architecture.Ppc64le => 202,
        Architecture.S390x => 220,
        _ => 61,
    };

    /// <summary>sched_setattr(2); 0: the number is not known for this architecture.</summary>
    public static int SetSchedulingAttributes => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 314,
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => 274,
        _ => 0,
    };

    /// <summary>sched_getattr(2), which has the next number after <see cref="SetSchedulingAttributes"/>.</summary>
    public static int GetSchedulingAttributes => SetSchedulingAttributes + 1;

    /// <summary>sendto(2); 0: the number is not known for this architecture.</summary>
    public static int SendTo => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 44,
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => 206,
        _ => 0,
    };

    /// <summary>recvfrom(2), which has the next number after <see cref="SendTo"/>.</summary>
    public static int ReceiveFrom => SendTo + 1;

    /// <summary>
    /// Makes a system call. Returns its result or −errno. Retries EINTR, since none of these calls is a wait. Arguments
    /// that the call does not have are ignored by the kernel.
    /// </summary>
    public static nint Invoke(int number, nint first, nint second, nint third = 0, nint fourth = 0, nint fifth = 0, nint sixth = 0)
    {
        nint result;
        do
        {
            result = Errno.Result(syscall(number, first, second, third, fourth, fifth, sixth));
        }
        while (result == -Errno.Interrupted);
        return result;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth, nint fifth, nint sixth);
}
