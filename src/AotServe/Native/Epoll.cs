using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>epoll(7) and eventfd(2). Each call returns a result or −errno.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class Epoll
{
    public const uint In = 0x1;
    public const uint Out = 0x4;
    public const uint Error = 0x8;
    public const uint HangUp = 0x10;
    public const uint ReadHangUp = 0x2000;
    public const uint EdgeTriggered = 1u << 31;

    private const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC, EFD_CLOEXEC
    private const int NonBlocking = 0x800; // EFD_NONBLOCK
    private const int ControlAdd = 1; // EPOLL_CTL_ADD
    private const int ControlDelete = 2; // EPOLL_CTL_DEL
    private const int ControlModify = 3; // EPOLL_CTL_MOD

    /// <summary>At least <see cref="EventSize"/> on every architecture.</summary>
    private const int LargestEvent = 16;

    /// <summary>
    /// The size of <c>struct epoll_event</c> in bytes; its data is the last 8. The struct is packed on x86-64 only.
    /// </summary>
    public static readonly int EventSize = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : LargestEvent;

    private static int DataOffset => EventSize - sizeof(ulong);

    /// <summary>A new epoll descriptor, closed on exec.</summary>
    public static int Create() => Errno.Result(epoll_create1(CloseOnExec));

    /// <summary>A new event counter with the value 0, non-blocking, closed on exec.</summary>
    public static int CreateEvent() => Errno.Result(eventfd(0, CloseOnExec | NonBlocking));

    /// <summary>Starts watching a descriptor; <paramref name="data"/> comes back with its events.</summary>
    /// <returns>0.</returns>
    public static int Add(int epoll, int descriptor, uint events, ulong data) => Control(epoll, ControlAdd, descriptor, events, data);

    /// <summary>Watches for other events of a descriptor that is watched. What it is ready for by now is an event.</summary>
    /// <returns>0.</returns>
    public static int Change(int epoll, int descriptor, uint events, ulong data) => Control(epoll, ControlModify, descriptor, events, data);

    /// <summary>Stops watching a descriptor. Closing it does that too, unless another process has it open.</summary>
    /// <returns>0.</returns>
    public static int Remove(int epoll, int descriptor)
    {
        byte* ignored = stackalloc byte[LargestEvent]; // Before Linux 2.6.9 it must not be null.
        return Errno.Result(epoll_ctl(epoll, ControlDelete, descriptor, ignored));
    }

    /// <summary>
    /// Waits up to <paramref name="timeoutMs"/> milliseconds (−1: without a limit). EINTR is not retried but counts as no
    /// event: the caller knows how long it still has to wait.
    /// </summary>
    /// <returns>How many events were stored; 0: the time is up, or a signal came.</returns>
    public static int Wait(int epoll, byte* events, int capacity, int timeoutMs)
    {
        int result = Errno.Result(epoll_wait(epoll, events, capacity, timeoutMs));
        return result == -Errno.Interrupted ? 0 : result;
    }

    /// <summary>Reads event number <paramref name="index"/>.</summary>
    public static (uint Events, ulong Data) Read(byte* events, int index)
    {
        byte* e = events + (index * EventSize);
        return (*(uint*)e, *(ulong*)(e + DataOffset));
    }

    private static int Control(int epoll, int operation, int descriptor, uint events, ulong data)
    {
        byte* e = stackalloc byte[LargestEvent];
        *(uint*)e = events;
        *(ulong*)(e + DataOffset) = data;
        return Errno.Result(epoll_ctl(epoll, operation, descriptor, e));
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
