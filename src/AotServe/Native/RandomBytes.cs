using System;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AotServe.Native;

/// <summary>
/// Random bytes fit for keys and salts. On Linux from the kernel itself: the platform's own generator there is OpenSSL's,
/// which a static executable finds on no machine for certain.
/// </summary>
internal static unsafe partial class RandomBytes
{
    /// <summary>Fills all of <paramref name="destination"/>, at most 256 bytes.</summary>
    /// <exception cref="InvalidOperationException">The system gives none.</exception>
    public static void Fill(Span<byte> destination)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(destination);
            return;
        }

        // Up to 256 bytes come whole, and without interruption once the kernel has gathered enough at boot (getrandom(2)).
        nint got;
        fixed (byte* bytes = destination)
        {
            do
            {
                got = GetRandom(bytes, (nuint)destination.Length, 0);
            }
            while (got < 0 && Marshal.GetLastPInvokeError() == LinuxError.Interrupted);
        }

        if (got != destination.Length)
        {
            throw new InvalidOperationException("The system gives no random bytes.");
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint GetRandom(byte* bytes, nuint count, uint flags);
}
