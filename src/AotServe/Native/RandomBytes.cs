using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AotServe.Native;

/// <summary>
/// Random bytes for keys and salts. On Linux they come from the kernel: .NET's own generator uses OpenSSL there, which a
/// static executable cannot rely on.
/// </summary>
internal static unsafe partial class RandomBytes
{
    /// <summary>
    /// Fills all of <paramref name="destination"/>, at most 256 bytes: so many are never interrupted once the kernel has
    /// gathered enough entropy at boot (getrandom(2)).
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The kernel gives none. An exception, since no caller can continue without a key.
    /// </exception>
    public static void Fill(Span<byte> destination)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        nint result;
        fixed (byte* bytes = destination)
        {
            do
            {
                result = Errno.Result(getrandom(bytes, (nuint)destination.Length, 0));
            }
            while (result == -Errno.Interrupted);
        }

        if (result != destination.Length)
        {
            throw new InvalidOperationException("the system gives no random bytes (getrandom)"u8.Text());
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint getrandom(byte* bytes, nuint count, uint flags);
}
