using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace AotServe.Native;

/// <summary>The calls of Unix systems that write to the end of a file. Each returns a result or −errno and retries EINTR.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class LogFiles
{
    private const int WriteOnly = 1;
    private const int Current = 1; // SEEK_CUR

    /// <summary>The permissions of a log that is created, before the umask: of its owner and group only, since it has addresses of people.</summary>
    private const int Mode = 0x1A0; // 0640

    // O_APPEND, O_CREAT, O_NONBLOCK (for a FIFO that nobody reads), O_NOCTTY, O_CLOEXEC.
    private static int Flags => OperatingSystem.IsLinux()
        ? WriteOnly | 0x400 | 0x40 | 0x800 | 0x100 | 0x80000
        : WriteOnly | 0x8 | 0x200 | 0x4 | 0x20000 | 0x1000000;

    /// <summary>Opens a file for adding at its end, and creates it if need be.</summary>
    /// <returns>A descriptor; −ENXIO: it is a FIFO that nobody reads.</returns>
    public static int Open(string path) => FileDescriptor.Open(Encoding.UTF8.GetBytes(path + '\0'), Flags, Mode);

    /// <summary>Whether a descriptor is a regular file's, for which a write does not wait for a reader.</summary>
    public static bool IsRegular(int descriptor) => lseek(descriptor, 0, Current) >= 0;

    /// <summary>writev(2).</summary>
    /// <returns>How many bytes were written.</returns>
    public static nint Write(int descriptor, ReadOnlySpan<Piece> pieces)
    {
        fixed (Piece* first = pieces)
        {
            nint result;
            do
            {
                result = Errno.Result(writev(descriptor, first, pieces.Length));
            }
            while (result == -Errno.Interrupted);
            return result;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint writev(int descriptor, Piece* pieces, int count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint lseek(int descriptor, nint offset, int whence);

    /// <summary><c>struct iovec</c>: bytes that do not move while they are written.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public readonly struct Piece
    {
        private readonly byte* _start;
        private readonly nuint _length;

        /// <summary>A piece of pinned memory.</summary>
        public Piece(ReadOnlySpan<byte> pinned)
        {
            _start = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(pinned));
            _length = (nuint)pinned.Length;
        }
    }
}
