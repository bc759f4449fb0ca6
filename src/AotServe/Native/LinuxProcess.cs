using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>How the kernel started this process: getauxval(3).</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxProcess
{
    private const nuint LoadersAddress = 7;

    /// <summary>Whether a loader brings in shared libraries, as for a dynamically linked binary.</summary>
    public static bool HasLoader => getauxval(LoadersAddress) != 0;

    [LibraryImport("libc")]
    private static partial nuint getauxval(nuint type);
}
