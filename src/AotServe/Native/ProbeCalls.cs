#if TEST_HOOKS
using System;
using System.Runtime.Versioning;
using System.Text;

namespace AotServe.Native;

/// <summary>
/// What an intruder would try, for the tests of the sandbox. Each call returns 0 or −errno.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class ProbeCalls
{
    private const int ReadOnly = 0; // O_RDONLY
    private const int CreateForWriting = 0x1 | 0x40; // O_WRONLY | O_CREAT
    private const int Permissions = 0x1A4; // rw-r--r--

    /// <summary>Opens a file for reading and reads one byte: some files of /proc refuse only the read.</summary>
    public static int Read(string path)
    {
        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            return descriptor;
        }

        byte first;
        nint result = FileDescriptor.Read(descriptor, new Span<byte>(&first, 1));
        FileDescriptor.Close(descriptor);
        return (int)Math.Min(result, 0);
    }

    /// <summary>Opens a file for writing, and creates it if it does not exist.</summary>
    public static int Write(string path)
    {
        int descriptor = Open(path, CreateForWriting);
        if (descriptor < 0)
        {
            return descriptor;
        }

        FileDescriptor.Close(descriptor);
        return 0;
    }

    /// <summary>Runs a program without arguments and waits for its end.</summary>
    public static int Run(string path)
    {
        int result = ChildProcess.Start(path, [path], [], [], [], out int pid);
        if (result == 0)
        {
            _ = ChildProcess.WaitForEnd(pid);
        }

        return result;
    }

    private static int Open(string path, int flags) =>
        FileDescriptor.Open(Encoding.UTF8.GetBytes(path + "\0"), flags, Permissions);
}
#endif
