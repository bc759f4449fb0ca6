#if TEST_HOOKS
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace AotServe.Native;

/// <summary>
/// What an intruder would try, for the tests of the walls. Each call returns 0, or an error number with a minus sign.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class ProbeCalls
{
    private const int ReadOnly = 0;
    private const int CreateForWriting = 0x1 | 0x40;

    /// <summary>Opens a file for reading and reads a byte of it, which some files of /proc refuse only then.</summary>
    public static int Read(string path)
    {
        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            return descriptor;
        }

        byte first;
        int result = read(descriptor, &first, 1) < 0 ? -Marshal.GetLastPInvokeError() : 0;
        LinuxFiles.Close(descriptor);
        return result;
    }

    /// <summary>Opens a file for writing, making it if there is none.</summary>
    public static int Write(string path)
    {
        int descriptor = Open(path, CreateForWriting);
        if (descriptor < 0)
        {
            return descriptor;
        }

        LinuxFiles.Close(descriptor);
        return 0;
    }

    /// <summary>Runs a program without arguments and waits for its end.</summary>
    public static int Run(string path)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            byte** arguments = stackalloc byte*[] { bytes, null };
            int process, status;
            int error = posix_spawn(&process, bytes, null, null, arguments, arguments + 1);
            if (error == 0)
            {
                waitpid(process, &status, 0);
            }

            return -error;
        }
    }

    private static int Open(string path, int flags)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + "\0"))
        {
            int descriptor = open(bytes, flags, 0x1A4);
            return descriptor < 0 ? -Marshal.GetLastPInvokeError() : descriptor;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int descriptor, byte* bytes, nuint count);

    [LibraryImport("libc")]
    private static partial int posix_spawn(
        int* process, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    private static partial int waitpid(int process, int* status, int options);
}
#endif
