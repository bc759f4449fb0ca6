using System.Runtime.Versioning;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder whose paths the kernel resolves with RESOLVE_BENEATH (openat2(2), Linux 5.6): no spelling of a path and no
/// symbolic link can lead out, even while files are being renamed. With <see cref="SymbolicLinks.Always"/> the kernel does not
/// restrict anything, and the caller must keep <c>..</c> out of paths.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class BeneathRootFolder : LinuxRootFolder
{
    private readonly SymbolicLinks _links;
    private readonly ulong _resolve;

    /// <summary>Takes over a folder, which may be an O_PATH descriptor.</summary>
    public BeneathRootFolder(SafeFileHandle folder, SymbolicLinks links)
        : base(folder)
    {
        _links = links;
        _resolve = links switch
        {
            SymbolicLinks.Never => LinuxFiles.ResolveBeneath | LinuxFiles.ResolveNoMagicLinks | LinuxFiles.ResolveNoSymbolicLinks,
            SymbolicLinks.Always => LinuxFiles.ResolveNoMagicLinks,
            _ => LinuxFiles.ResolveBeneath | LinuxFiles.ResolveNoMagicLinks,
        };
    }

    private BeneathRootFolder(BeneathRootFolder unfiltered, Exclusions exclusions)
        : base(unfiltered, exclusions) =>
        (_links, _resolve) = (unfiltered._links, unfiltered._resolve);

    /// <summary>Whether openat2 can be used. Older kernels lack it, and some seccomp filters refuse it.</summary>
    public static bool IsSupported(SafeFileHandle folder)
    {
        byte* self = stackalloc byte[] { (byte)'.', 0 };
        int descriptor = LinuxFiles.OpenAt2(
            (int)folder.DangerousGetHandle(),
            self,
            LinuxFiles.PathOnly | LinuxFiles.CloseOnExec,
            LinuxFiles.ResolveBeneath | LinuxFiles.ResolveNoMagicLinks);
        if (descriptor >= 0)
        {
            FileDescriptor.Close(descriptor);
        }

        return descriptor is not (-Errno.NotImplemented or -Errno.NotPermitted);
    }

    public override string Containment => _links switch
    {
        SymbolicLinks.Never => "openat2: beneath its folder by the kernel's rule, no symbolic link followed"u8.Text(),
        SymbolicLinks.Always => "openat2: symbolic links may lead anywhere"u8.Text(),
        _ => "openat2: beneath its folder by the kernel's rule"u8.Text(),
    };

    public override LinuxRootFolder Exclude(Exclusions exclusions) => new BeneathRootFolder(this, exclusions);

    /// <summary>
    /// Where links matter, a path without any is tried first: that is the usual one, and costs no call more than before.
    /// </summary>
    protected override int Open(byte* path, int length, int flags, out bool isDirect)
    {
        int descriptor = LinuxFiles.OpenAt2(
            Folder, path, flags, HasExclusions ? _resolve | LinuxFiles.ResolveNoSymbolicLinks : _resolve);
        isDirect = !HasExclusions || descriptor != -Errno.TooManyLinks || _links == SymbolicLinks.Never;
        return isDirect ? descriptor : LinuxFiles.OpenAt2(Folder, path, flags, _resolve);
    }
}
