using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>
/// Starts a program with posix_spawn(3), and ends it. fork(2) is not used: managed code cannot run safely between fork and
/// exec. Each call returns a result or −errno.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class ChildProcess
{
    /// <summary>The first descriptor that the child gets beyond its standard streams.</summary>
    public const int FirstDescriptor = 3;

    private const int KillSignal = 9; // SIGKILL
    private const int PipeSignal = 13; // SIGPIPE
    private const int SetDefaults = 0x04; // POSIX_SPAWN_SETSIGDEF
    private const int SetMask = 0x08; // POSIX_SPAWN_SETSIGMASK
    private const int RangeCloseOnExec = 4; // CLOSE_RANGE_CLOEXEC
    private const nint LastDescriptor = -1; // ~0U

    // Larger than glibc's and musl's posix_spawnattr_t and posix_spawn_file_actions_t.
    private const int AttributesSize = 1024;
    private const int ActionsSize = 512;

    /// <summary>
    /// Starts a program. It gets this process's standard streams, <paramref name="descriptors"/> as its descriptors from
    /// <see cref="FirstDescriptor"/> on, and no others. It blocks no signal, and ignores the signals that this process was
    /// started with as ignored.
    /// </summary>
    /// <param name="path">A relative path is relative to the working directory; PATH is not searched.</param>
    /// <param name="arguments">The first is the program's name.</param>
    /// <param name="environment">Each of the form NAME=value.</param>
    /// <param name="descriptors">Open in this process, which keeps them.</param>
    /// <param name="defaults">Signals, besides SIGPIPE, that this process ignores and the child must not.</param>
    /// <param name="pid">The child's id. The caller must wait for its end with <see cref="WaitForEnd"/>.</param>
    /// <returns>0, or −errno.</returns>
    public static int Start(
        string path,
        string[] arguments,
        string[] environment,
        ReadOnlySpan<int> descriptors,
        int[] defaults,
        out int pid)
    {
        pid = 0;

        // The child gets nothing that this process inherited. A kernel before 5.11 cannot do it and changes nothing.
        _ = SystemCall.Invoke(SystemCall.CloseRange, FirstDescriptor, LastDescriptor, RangeCloseOnExec);

        // First duplicated to higher numbers, so that no dup2 in the child overwrites one that is still to be duplicated.
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
                copies[copied] = FileDescriptor.Duplicate(descriptors[copied], FirstDescriptor + descriptors.Length);
                if (copies[copied] < 0)
                {
                    return copies[copied];
                }

                posix_spawn_file_actions_adddup2(actions, copies[copied], FirstDescriptor + copied);
            }

            // The runtime ignores SIGPIPE. The signals that the main thread waits for are ignored, and blocked everywhere.
            var blocked = SignalSet.Of();
            var reset = SignalSet.Of(PipeSignal);
            foreach (int signal in defaults)
            {
                reset.Add(signal);
            }

            posix_spawnattr_setsigmask(attributes, &blocked);
            posix_spawnattr_setsigdefault(attributes, &reset);
            posix_spawnattr_setflags(attributes, SetDefaults | SetMask);
            return -posix_spawn(out pid, path, actions, attributes, argumentList, environmentList);
        }
        finally
        {
            for (int i = 0; i < copied; i++)
            {
                FileDescriptor.Close(copies[i]);
            }

            posix_spawnattr_destroy(attributes);
            posix_spawn_file_actions_destroy(actions);
            Free(argumentList);
            Free(environmentList);
        }
    }

    /// <summary>Waits for a child's end (waitpid(2)).</summary>
    /// <returns>Its wait status, or −errno: −ECHILD where another thread has waited for it.</returns>
    public static int WaitForEnd(int pid)
    {
        int status = 0;
        int result;
        do
        {
            result = Errno.Result(waitpid(pid, &status, 0));
        }
        while (result == -Errno.Interrupted);
        return result < 0 ? result : status;
    }

    /// <summary>Kills a child that was not waited for yet: until then its id belongs to no other process.</summary>
    /// <returns>0, or −errno.</returns>
    public static int Kill(int pid) => Errno.Result(kill(pid, KillSignal));

    private static nint* Allocate(string[] strings)
    {
        nint* list = (nint*)NativeMemory.AllocZeroed((nuint)strings.Length + 1, (nuint)sizeof(nint));
        for (int i = 0; i < strings.Length; i++)
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
    private static partial int posix_spawnattr_setsigmask(byte* attributes, SignalSet* set);

    [LibraryImport("libc")]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, SignalSet* set);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);
}
