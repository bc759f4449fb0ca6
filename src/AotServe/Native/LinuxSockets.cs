using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Native;

/// <summary>
/// What Linux can do with a socket and <see cref="Socket"/> has no call for. Each call returns a result or −errno and
/// retries EINTR.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxSockets
{
    /// <summary>
    /// sendfile(2): sends up to <paramref name="count"/> bytes of a file, starting at <paramref name="offset"/>. Does not
    /// move the file's own position.
    /// </summary>
    /// <returns>How many bytes were sent; 0 at the end of the file.</returns>
    public static nint SendFile(Socket socket, SafeFileHandle file, long offset, nint count)
    {
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            nint result;
            do
            {
                result = Errno.Result(
                    sendfile((int)socket.Handle, (int)file.DangerousGetHandle(), &offset, (nuint)count));
            }
            while (result == -Errno.Interrupted);
            return result;
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
    /// TCP_NOTSENT_LOWAT (tcp(7)): the socket takes no more to send while it holds about <paramref name="bytes"/> that it
    /// has not sent yet.
    /// </summary>
    /// <returns>0.</returns>
    public static int LimitUnsent(Socket socket, int bytes) => Errno.Result(setsockopt(
        (int)socket.Handle, RawSocketOptions.TcpLevel, RawSocketOptions.NotSentLowWater, &bytes, sizeof(int)));

    /// <summary>
    /// Makes a listening socket drop the first segment of every new connection, while handshakes in progress complete: a
    /// classic BPF program (socket(7), SO_ATTACH_FILTER) that drops segments with SYN. The accept queue can then be emptied
    /// for good. A client that came too late retries and finds the port closed; without the filter it would be reset if it
    /// connected between the last accept and the close.
    /// </summary>
    /// <returns>0.</returns>
    public static int RefuseNewConnections(Socket listener)
    {
        const ushort LoadByteAt = 0x30; // BPF_LD | BPF_B | BPF_ABS
        const ushort JumpIfBits = 0x45; // BPF_JMP | BPF_JSET | BPF_K
        const ushort Return = 0x06; // BPF_RET | BPF_K
        const byte Syn = 0x02;
        const uint TcpFlags = 13, Drop = 0, KeepAll = 0x40000;
        Instruction* program = stackalloc Instruction[]
        {
            new Instruction(LoadByteAt, 0, 0, TcpFlags),
            new Instruction(JumpIfBits, 0, 1, Syn),
            new Instruction(Return, 0, 0, Drop),
            new Instruction(Return, 0, 0, KeepAll),
        };
        var filter = new Program { Length = 4, Instructions = program };
        return Errno.Result(setsockopt(
            (int)listener.Handle, RawSocketOptions.SocketLevel, RawSocketOptions.AttachFilter, &filter, (uint)sizeof(Program)));
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
    private static partial int setsockopt(int socket, int level, int option, void* value, uint length);
}
