using System;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>inotify(7): the kernel tells of changes in folders. Each call returns a result or −errno.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Inotify
{
    /// <summary>IN_MOVE_SELF: the folder itself was renamed.</summary>
    public const uint MovedSelf = 0x800;

    /// <summary>IN_Q_OVERFLOW: events were lost.</summary>
    public const uint Overflow = 0x4000;

    /// <summary>IN_IGNORED: the folder is not watched any more; it was removed, or <see cref="Remove"/> was called.</summary>
    public const uint Ignored = 0x8000;

    /// <summary>The bytes of an event before the name.</summary>
    public const int EventSize = 16;

    /// <summary>Bytes for one event with the longest name.</summary>
    public const int LargestEvent = EventSize + 256;

    private const int CreateFlags = 0x80800; // IN_CLOEXEC, IN_NONBLOCK

    /// <summary>
    /// IN_ATTRIB, IN_CLOSE_WRITE, IN_MOVED_FROM, IN_MOVED_TO, IN_CREATE, IN_DELETE, IN_DELETE_SELF, IN_MOVE_SELF; IN_ONLYDIR and
    /// IN_EXCL_UNLINK. Not IN_MODIFY: a large file that is being written would give an event for each piece.
    /// </summary>
    private const uint Changes = 0x4 | 0x8 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | MovedSelf | 0x1000000 | 0x4000000;

    private static ReadOnlySpan<byte> DescriptorFolder => "/proc/self/fd/"u8;

    /// <summary>inotify_init1(2), for reading without waiting.</summary>
    /// <returns>A descriptor.</returns>
    public static int Create() => Errno.Result(inotify_init1(CreateFlags));

    /// <summary>inotify_add_watch(2) of an open folder, which may be a handle on the name only. Takes /proc.</summary>
    /// <returns>The number of the watch, the same for the same folder.</returns>
    public static int Add(int inotify, int folder)
    {
        Span<byte> path = stackalloc byte[32];
        DescriptorFolder.CopyTo(path);
        Utf8Formatter.TryFormat(folder, path[DescriptorFolder.Length..], out int digits);
        path[DescriptorFolder.Length + digits] = 0;
        fixed (byte* bytes = path)
        {
            return Errno.Result(inotify_add_watch(inotify, bytes, Changes));
        }
    }

    /// <summary>inotify_rm_watch(2).</summary>
    /// <returns>0.</returns>
    public static int Remove(int inotify, int watch) => Errno.Result(inotify_rm_watch(inotify, watch));

    /// <summary>read(2) of whole events.</summary>
    /// <returns>How many bytes there are; −EAGAIN: there is no event.</returns>
    public static int Read(int inotify, Span<byte> events)
    {
        fixed (byte* bytes = events)
        {
            nint result;
            do
            {
                result = Errno.Result(read(inotify, bytes, (nuint)events.Length));
            }
            while (result == -Errno.Interrupted);
            return (int)result;
        }
    }

    /// <summary>Takes the first event from those that were read.</summary>
    /// <returns>The number of its watch, and what happened.</returns>
    public static (int Watch, uint What) Next(ref ReadOnlySpan<byte> events)
    {
        int watch = MemoryMarshal.Read<int>(events);
        uint what = MemoryMarshal.Read<uint>(events[4..]);
        int nameLength = MemoryMarshal.Read<int>(events[12..]);
        events = events[(EventSize + nameLength)..];
        return (watch, what);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_add_watch(int inotify, byte* path, uint mask);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int inotify_rm_watch(int inotify, int watch);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int inotify, byte* bytes, nuint count);
}
