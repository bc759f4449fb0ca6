using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>epoll(7) and eventfd(2). Every call returns −1 with errno in <see cref="Marshal.GetLastPInvokeError"/>.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Epoll
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Error = 0x8;
    public const uint HangUp = 0x10;
    public const uint ReadHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int ControlAdd = 1;
    private const int ControlDelete = 2;

    /// <summary>
    /// Bytes from one <c>struct epoll_event</c> to the next, and from its start to its data: the struct is packed on
    /// x86-64 only.
    /// </summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;

    private static int DataOffset => EventSize - sizeof(ulong);

    /// <summary>A new epoll descriptor, closed on exec.</summary>
    public static int Create() => epoll_create1(CloseOnExec);

    /// <summary>A new event counter at 0, non-blocking, closed on exec.</summary>
    public static int CreateEvent() => eventfd(0, CloseOnExec | NonBlocking);

    /// <summary>Starts watching a descriptor; <paramref name="data"/> comes back with its events.</summary>
    public static int Add(int epoll, int descriptor, uint events, ulong data)
    {
        byte* e = stackalloc byte[16];
        *(uint*)e = events;
        *(ulong*)(e + DataOffset) = data;
        return epoll_ctl(epoll, ControlAdd, descriptor, e);
    }

    /// <summary>Stops watching a descriptor; closing it does that too where no other process has it open.</summary>
    public static int Remove(int epoll, int descriptor)
    {
        byte* ignored = stackalloc byte[16];
        return epoll_ctl(epoll, ControlDelete, descriptor, ignored);
    }

    /// <summary>Waits up to <paramref name="timeoutMs"/> (−1: for ever); returns how many events were stored.</summary>
    public static int Wait(int epoll, byte* events, int capacity, int timeoutMs) =>
        epoll_wait(epoll, events, capacity, timeoutMs);

    /// <summary>Reads event number <paramref name="index"/>.</summary>
    public static (uint Events, ulong Data) Read(byte* events, int index)
    {
        byte* e = events + (index * EventSize);
        return (*(uint*)e, *(ulong*)(e + DataOffset));
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* e);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int capacity, int timeoutMs);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint initial, int flags);
}
