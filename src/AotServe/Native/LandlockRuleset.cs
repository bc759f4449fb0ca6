using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// A Landlock ruleset (landlock(7)): what a thread, and every thread and program that it starts later, may still do with
/// files and TCP. What no rule allows is refused with EACCES, also to root, and cannot be allowed again. What is already
/// open stays usable. Each call returns a result or −errno.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LandlockRuleset : IDisposable
{
    private const int AskForVersion = 1; // LANDLOCK_CREATE_RULESET_VERSION
    private const int PathBeneath = 1; // LANDLOCK_RULE_PATH_BENEATH
    private const ulong BindAndConnectTcp = 0b11; // LANDLOCK_ACCESS_NET_BIND_TCP and _CONNECT_TCP
    private const ulong AbstractUnixSockets = 0b1; // LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET

    private readonly int _descriptor;

    private LandlockRuleset(int descriptor) => _descriptor = descriptor;

    /// <summary>The kernel's version of Landlock, 1 or more; −errno where it has none or Landlock is off.</summary>
    public static int Version() => (int)SystemCall.Invoke(SystemCall.LandlockCreateRuleset, 0, 0, AskForVersion);

    /// <summary>
    /// Makes a ruleset that refuses all that this class knows and the kernel can refuse: every use of files from version 1
    /// on, bind and connect of TCP from 4, ioctl of devices from 5.
    /// </summary>
    /// <param name="version">From <see cref="Version"/>.</param>
    /// <param name="refuseAbstractSockets">
    /// From version 6: whether to refuse connecting to abstract Unix sockets (unix(7)) of processes outside the sandbox.
    /// </param>
    /// <param name="ruleset">The ruleset, which is not in force yet and which the caller owns; null after an error.</param>
    /// <returns>0, or −errno.</returns>
    public static int Create(int version, bool refuseAbstractSockets, out LandlockRuleset? ruleset)
    {
        var attributes = new Attributes
        {
            Files = (ulong)RefusedUses(version),
            Network = version >= 4 ? BindAndConnectTcp : 0,
            Scoped = version >= 6 && refuseAbstractSockets ? AbstractUnixSockets : 0,
        };

        // An older kernel has a shorter struct, and accepts a longer one if the rest is zero.
        int result = (int)SystemCall.Invoke(SystemCall.LandlockCreateRuleset, (nint)(&attributes), sizeof(Attributes));
        ruleset = result < 0 ? null : new LandlockRuleset(result);
        return Math.Min(result, 0);
    }

    /// <summary>Allows uses of a file, or of a folder and everything beneath it.</summary>
    /// <param name="descriptor">A handle on it, which may be one on its name only.</param>
    /// <param name="uses">What is allowed; for a file, no uses that only folders have.</param>
    /// <returns>0, or −errno.</returns>
    public int Allow(int descriptor, LandlockUses uses)
    {
        var rule = new Beneath { Allowed = (ulong)uses, Folder = descriptor };
        return (int)SystemCall.Invoke(SystemCall.LandlockAddRule, _descriptor, PathBeneath, (nint)(&rule));
    }

    /// <summary>
    /// Puts the ruleset in force for the calling thread and what it starts from now on, for good. The thread must have
    /// no_new_privs set, or CAP_SYS_ADMIN.
    /// </summary>
    /// <returns>0, or −errno: −E2BIG where 16 rulesets are in force already.</returns>
    public int RestrictThread() => (int)SystemCall.Invoke(SystemCall.LandlockRestrictSelf, _descriptor, 0);

    /// <summary>Closes the ruleset. It stays in force for the threads that it restricts.</summary>
    public void Dispose() => FileDescriptor.Close(_descriptor);

    private static LandlockUses RefusedUses(int version) => version switch
    {
        1 => LandlockUses.OfVersion1,
        2 => LandlockUses.OfVersion1 | LandlockUses.Refer,
        3 or 4 => LandlockUses.OfVersion1 | LandlockUses.Refer | LandlockUses.Truncate,
        _ => LandlockUses.OfVersion1 | LandlockUses.Refer | LandlockUses.Truncate | LandlockUses.DeviceControl,
    };

    /// <summary><c>struct landlock_ruleset_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Attributes
    {
        public ulong Files;
        public ulong Network;
        public ulong Scoped;
    }

    /// <summary><c>struct landlock_path_beneath_attr</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Beneath
    {
        public ulong Allowed;
        public int Folder;
    }
}
