using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Starts a program with posix_spawn(3): between a fork and an exec of its own, managed code could not run safely. Calls
/// return an error number where nothing else is said (see <see cref="LinuxError"/>), 0 for none.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class ChildProcess
{
    /// <summary>The first descriptor that the child gets beyond its standard streams.</summary>
    public const int FirstDescriptor = 3;

    private const int Kill = 9;
    private const int BrokenPipe = 13;
    private const int SetDefaults = 0x04;
    private const int SetMask = 0x08;
    private const int SyscallCloseRange = 436;
    private const uint RangeCloseOnExec = 4;
    private const int DuplicateCloseOnExec = 1030;
    private const nuint ProgramPath = 31; // AT_EXECFN

    // Larger than glibc's and musl's sigset_t, posix_spawnattr_t and posix_spawn_file_actions_t.
    private const int SetSize = 128;
    private const int AttributesSize = 1024;
    private const int ActionsSize = 512;

    /// <summary>The path that this process was started by, as it was given to the kernel (getauxval(3)); null: unknown.</summary>
    public static string? OwnPath() => Marshal.PtrToStringUTF8(getauxval(ProgramPath));

    /// <summary>
    /// Starts a program with this process's standard streams, with <paramref name="descriptors"/> as its descriptors
    /// from <see cref="FirstDescriptor"/> on, and no others. It blocks no signal, and ignores those that this process
    /// was started to ignore.
    /// </summary>
    /// <param name="path">Relative to the working directory where it is relative; not looked for.</param>
    /// <param name="arguments">The first is the name that it goes by.</param>
    /// <param name="environment">Of the form NAME=value.</param>
    /// <param name="descriptors">Each of this process's own.</param>
    /// <param name="defaults">Signals that only this process ignores, besides SIGPIPE.</param>
    /// <param name="pid">The child's id: the caller waits for its end, with <see cref="WaitForEnd"/>.</param>
    public static int Start(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        ReadOnlySpan<int> descriptors,
        IReadOnlyList<int> defaults,
        out int pid)
    {
        pid = 0;

        // What came from this process's own starter is none of the child's. A kernel before 5.11 leaves it as it is.
        syscall(SyscallCloseRange, FirstDescriptor, uint.MaxValue, RangeCloseOnExec);

        // Out of the way first, so that no copy lands on a number that is still to be copied from.
        Span<int> copies = stackalloc int[descriptors.Length];
        int copied = 0;
        nint* argumentList = Allocate(arguments);
        nint* environmentList = Allocate(environment);
        byte* actions = stackalloc byte[ActionsSize];
        byte* attributes = stackalloc byte[AttributesSize];
        posix_spawn_file_actions_init(actions);
        posix_spawnattr_init(attributes);
        try
        {
            for (; copied < copies.Length; copied++)
            {
                copies[copied] = fcntl(descriptors[copied], DuplicateCloseOnExec, FirstDescriptor + descriptors.Length);
                if (copies[copied] < 0)
                {
                    return Marshal.GetLastPInvokeError();
                }

                posix_spawn_file_actions_adddup2(actions, copies[copied], FirstDescriptor + copied);
            }

            // The runtime ignores SIGPIPE. What the main thread waits for is ignored, and blocked by every thread.
            byte* set = stackalloc byte[SetSize];
            sigemptyset(set);
            posix_spawnattr_setsigmask(attributes, set);
            sigaddset(set, BrokenPipe);
            foreach (int signal in defaults)
            {
                sigaddset(set, signal);
            }

            posix_spawnattr_setsigdefault(attributes, set);
            posix_spawnattr_setflags(attributes, SetDefaults | SetMask);
            return posix_spawn(out pid, path, actions, attributes, argumentList, environmentList);
        }
        finally
        {
            for (int i = 0; i < copied; i++)
            {
                Posix.Close(copies[i]);
            }

            posix_spawnattr_destroy(attributes);
            posix_spawn_file_actions_destroy(actions);
            Free(argumentList);
            Free(environmentList);
        }
    }

    /// <summary>Waits for a child's end and returns its wait status (wait(2)); -1 where somebody else has waited.</summary>
    public static int WaitForEnd(int pid)
    {
        int status = 0;
        while (waitpid(pid, &status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != LinuxError.Interrupted)
            {
                return -1;
            }
        }

        return status;
    }

    /// <summary>Ends a child that was not waited for yet, without more ado.</summary>
    public static void End(int pid) => _ = kill(pid, Kill);

    /// <summary>The process that started this one; 1 or a reaper of orphans once that one has ended.</summary>
    public static int ParentId() => getppid();

    private static nint* Allocate(IReadOnlyList<string> strings)
    {
        nint* list = (nint*)NativeMemory.AllocZeroed((nuint)strings.Count + 1, (nuint)sizeof(nint));
        for (int i = 0; i < strings.Count; i++)
        {
            list[i] = Marshal.StringToCoTaskMemUTF8(strings[i]);
        }

        return list;
    }

    private static void Free(nint* list)
    {
        for (nint* item = list; *item != 0; item++)
        {
            Marshal.FreeCoTaskMem(*item);
        }

        NativeMemory.Free(list);
    }

    [LibraryImport("libc")]
    private static partial nint getauxval(nuint type);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nuint first, nuint last, nuint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int descriptor, int command, nint argument);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(
        out int pid, string path, byte* actions, byte* attributes, nint* arguments, nint* environment);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport("libc")]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int descriptor, int target);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* set);

    [LibraryImport("libc")]
    private static partial int sigemptyset(byte* set);

    [LibraryImport("libc")]
    private static partial int sigaddset(byte* set, int signal);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int getppid();
}
