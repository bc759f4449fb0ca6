using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Native;

/// <summary>What Linux can do with a socket that <see cref="Socket"/> has no form of.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxSockets
{
    private const int SocketLevel = 1;
    private const int AttachFilter = 26;

    /// <summary>
    /// sendfile(2): sends up to <paramref name="count"/> bytes of a file from <paramref name="offset"/> on. Returns how
    /// many, 0 at the end of the file, −1 with errno. Does not move the file's own position.
    /// </summary>
    public static nint SendFile(Socket socket, SafeFileHandle file, long offset, nuint count)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            return sendfile((int)socket.Handle, (int)file.DangerousGetHandle(), &offset, count);
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// send(2) with MSG_MORE: more follows at once, for which a segment that is not full waits. A connection that is gone
    /// raises no SIGPIPE. Returns how many bytes, −1 with errno.
    /// </summary>
    public static nint SendMore(Socket socket, System.ReadOnlySpan<byte> bytes)
    {
        const int NoSignal = 0x4000, More = 0x8000;
        fixed (byte* p = bytes)
        {
            return send((int)socket.Handle, p, (nuint)bytes.Length, NoSignal | More);
        }
    }

    /// <summary>
    /// pread(2): reads from a file at an offset. Returns how many bytes, 0 at its end, −1 with errno.
    /// </summary>
    public static nint ReadAt(SafeFileHandle file, System.Span<byte> bytes, long offset)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            fixed (byte* p = bytes)
            {
                return pread((int)file.DangerousGetHandle(), p, (nuint)bytes.Length, offset);
            }
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>
    /// Has a listening socket drop the first segment of every new connection while those under way complete (a classic
    /// BPF program, socket(7) SO_ATTACH_FILTER: drop where the TCP flags have SYN). What is then in its queue can be
    /// accepted to the last one; a client that came too late tries again and finds the port closed, instead of being
    /// reset in the moment between the last accept and the close. False where the kernel refuses.
    /// </summary>
    public static bool RefuseNewConnections(Socket listener)
    {
        const ushort LoadByteAt = 0x30, JumpIfBits = 0x45, Return = 0x06;
        Instruction* program = stackalloc Instruction[4];
        program[0] = new Instruction(LoadByteAt, 0, 0, 13); // A ← the flags byte of the TCP header
        program[1] = new Instruction(JumpIfBits, 0, 1, 0x02); // SYN?
        program[2] = new Instruction(Return, 0, 0, 0); // drop
        program[3] = new Instruction(Return, 0, 0, 0x40000); // keep
        var filter = new Program { Length = 4, Instructions = program };
        return setsockopt((int)listener.Handle, SocketLevel, AttachFilter, &filter, (uint)sizeof(Program)) == 0;
    }

    /// <summary><c>struct sock_filter</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Instruction(ushort code, byte ifTrue, byte ifFalse, uint operand)
    {
        public readonly ushort Code = code;
        public readonly byte IfTrue = ifTrue;
        public readonly byte IfFalse = ifFalse;
        public readonly uint Operand = operand;
    }

    /// <summary><c>struct sock_fprog</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Instruction* Instructions;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int socket, int file, long* offset, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(int file, byte* bytes, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int setsockopt(int socket, int level, int option, void* value, uint length);
}
