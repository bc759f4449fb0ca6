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
internal sealed unsafe class BeneathRootFolder(SafeFileHandle folder, SymbolicLinks links) : LinuxRootFolder(folder)
{
    private readonly ulong _resolve = links switch
    {
        SymbolicLinks.Never => LinuxFiles.ResolveBeneath | LinuxFiles.ResolveNoMagicLinks | LinuxFiles.ResolveNoSymbolicLinks,
        SymbolicLinks.Always => LinuxFiles.ResolveNoMagicLinks,
        _ => LinuxFiles.ResolveBeneath | LinuxFiles.ResolveNoMagicLinks,
    };

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

    public override string Containment => links switch
    {
        SymbolicLinks.Never => "openat2: beneath its folder by the kernel's rule, no symbolic link followed",
        SymbolicLinks.Always => "openat2: symbolic links may lead anywhere",
        _ => "openat2: beneath its folder by the kernel's rule",
    };

    protected override int Open(byte* path, int length, int flags) => LinuxFiles.OpenAt2(Folder, path, flags, _resolve);
}
