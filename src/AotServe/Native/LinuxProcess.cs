using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>How this process was started: getauxval(3), getppid(2).</summary>
[SupportedOSPlatform("linux")]
internal static partial class LinuxProcess
{
    private const nuint LoaderBase = 7; // AT_BASE
    private const nuint ExecutedFileName = 31; // AT_EXECFN

    /// <summary>Whether a loader brought in shared libraries, as for a dynamically linked binary.</summary>
    public static bool HasLoader => getauxval(LoaderBase) != 0;

    /// <summary>The path of the program as it was given to execve(2); null: unknown.</summary>
    public static string? ExecutedPath => Marshal.PtrToStringUTF8(getauxval(ExecutedFileName));

    /// <summary>The process that started this one; 1, or a process that adopts orphans, after that one has ended.</summary>
    public static int ParentId => getppid();

    [LibraryImport("libc")]
    private static partial nint getauxval(nuint type);

    [LibraryImport("libc")]
    private static partial int getppid();
}
