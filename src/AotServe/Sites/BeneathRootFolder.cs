using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites;

/// <summary>
/// A root folder whose walls the kernel keeps (openat2(2), Linux 5.6): no spelling of a path and no symbolic link can
/// lead out, also while files are being renamed.
/// </summary>
internal sealed unsafe class BeneathRootFolder(SafeFileHandle folder) : LinuxRootFolder(folder)
{
    /// <summary>Whether openat2 can be used: older kernels lack it, and some sandboxes refuse it.</summary>
    public static bool IsSupported(SafeFileHandle folder)
    {
        byte* self = stackalloc byte[] { (byte)'.', 0 };
        int descriptor = LinuxFiles.OpenBeneath(
            (int)folder.DangerousGetHandle(), self, LinuxFiles.PathOnly | LinuxFiles.CloseOnExec);
        if (descriptor >= 0)
            LinuxFiles.Close(descriptor);
        return descriptor is not (-LinuxError.NotImplemented or -LinuxError.NotPermitted);
    }

    public override string Guard => "openat2, beneath its folder by the kernel's rule";

    protected override int Open(byte* path, int length, int flags) => LinuxFiles.OpenBeneath(Folder, path, flags);
}
