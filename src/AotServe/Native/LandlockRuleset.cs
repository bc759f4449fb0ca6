using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// A Landlock ruleset (landlock(7)): what a thread, and every thread and program that it starts later, may still do with
/// files and TCP. Whatever is not allowed by name is refused with EACCES, also to root; nothing lifts it again. What is
/// open already stays usable. Like <see cref="LinuxFiles"/>, each call returns a result or an error number with a minus
/// sign.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe partial class LandlockRuleset : IDisposable
{
    // The three calls have these numbers on every architecture.
    private const int SyscallCreate = 444;
    private const int SyscallAddRule = 445;
    private const int SyscallRestrictSelf = 446;

    private const uint AskForVersion = 1;
    private const int PathBeneath = 1;
    private const ulong BindAndConnectTcp = 0b11;
    private const ulong AbstractUnixSockets = 0b1;

    private readonly int _descriptor;

    private LandlockRuleset(int descriptor) => _descriptor = descriptor;

    /// <summary>The kernel's version of Landlock, 1 or more; an error where it has none or does not use it.</summary>
    public static int Version()
    {
        nint result = Syscall(SyscallCreate, null, 0, AskForVersion);
        return result < 0 ? -Marshal.GetLastPInvokeError() : (int)result;
    }

    /// <summary>
    /// A ruleset that refuses all that this class knows and a kernel of <paramref name="version"/> can refuse: every use
    /// of files from version 1 on, TCP's bind and connect from 4, devices' ioctl from 5.
    /// </summary>
    /// <param name="version">From <see cref="Version"/>.</param>
    /// <param name="refuseAbstractSockets">
    /// From version 6: no connecting to abstract Unix sockets (unix(7)) of processes outside of the walls either.
    /// </param>
    /// <param name="ruleset">The ruleset, in force for nobody yet; null on error.</param>
    /// <returns>0.</returns>
    public static int Create(int version, bool refuseAbstractSockets, out LandlockRuleset? ruleset)
    {
        var attributes = new Attributes
        {
            Files = (ulong)RefusedUses(version),
            Network = version >= 4 ? BindAndConnectTcp : 0,
            Scoped = version >= 6 && refuseAbstractSockets ? AbstractUnixSockets : 0,
        };

        // An older kernel knows a shorter struct, and takes a longer one whose rest is zero.
        nint result = Syscall(SyscallCreate, &attributes, (nuint)sizeof(Attributes), 0);
        ruleset = result < 0 ? null : new LandlockRuleset((int)result);
        return result < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>Allows uses of a file, or of a folder and everything beneath it.</summary>
    /// <param name="descriptor">A handle on it, which may be one on its name only.</param>
    /// <param name="uses">What is allowed; for a file, nothing that only folders have.</param>
    /// <returns>0.</returns>
    public int Allow(int descriptor, LandlockUses uses)
    {
        var rule = new Beneath { Allowed = (ulong)uses, Folder = descriptor };
        return Syscall(SyscallAddRule, _descriptor, PathBeneath, &rule, 0) < 0 ? -Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>
    /// Puts the ruleset in force for the calling thread and what it starts from now on, for good. The thread must have
    /// set no_new_privs, or be the system's administrator. E2BIG: it is within 16 rulesets already.
    /// </summary>
    /// <returns>0.</returns>
    public int RestrictThread() =>
        Syscall(SyscallRestrictSelf, _descriptor, 0) < 0 ? -Marshal.GetLastPInvokeError() : 0;

    /// <summary>Closes it. Where it is in force it stays so.</summary>
    public void Dispose() => LinuxFiles.Close(_descriptor);

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

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, Attributes* attributes, nuint size, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint ruleset, nint kind, Beneath* rule, nuint flags);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Syscall(nint number, nint ruleset, nuint flags);
}
