using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>Terminals: which there are (isatty(3), tty(4)), and whether they echo input (termios(3)).</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class Terminal
{
    /// <summary>Larger than <c>struct termios</c> is anywhere.</summary>
    private const int SettingsSize = 256;

    /// <summary>TCSADRAIN: after what was written is transmitted.</summary>
    private const int AfterOutput = 1;

    /// <summary>TCSAFLUSH: after what was written is transmitted; input that was not read is discarded.</summary>
    private const int AfterFlush = 2;

    /// <summary>ECHO.</summary>
    private const uint Echo = 0x8;

    /// <summary>O_NOCTTY of Linux.</summary>
    private const int NoControllingTerminal = 0x100;

    /// <summary>Where the local modes are: after three sets of flags of 4 bytes, on macOS of 8.</summary>
    private static int LocalModes => OperatingSystem.IsMacOS() ? 24 : 12;

    /// <summary>isatty(3).</summary>
    public static bool IsTerminal(int descriptor) => isatty(descriptor) == 1;

    /// <summary>
    /// Whether the process has a controlling terminal (tty(4)), and so whether SIGHUP means that the terminal went away.
    /// </summary>
    public static bool HasControllingTerminal()
    {
        int descriptor = FileDescriptor.Open("/dev/tty\0"u8, OperatingSystem.IsLinux() ? NoControllingTerminal : 0);
        if (descriptor < 0)
        {
            return false;
        }

        FileDescriptor.Close(descriptor);
        return true;
    }

    /// <summary>Switches off the echo of input, and discards input that was not read yet.</summary>
    /// <param name="descriptor">The terminal.</param>
    /// <param name="settings">Its settings before, for <see cref="Restore"/>; not to be used after an error.</param>
    /// <returns>0, or −errno.</returns>
    public static int HideInput(int descriptor, out byte[] settings)
    {
        settings = new byte[SettingsSize];
        int result;
        fixed (byte* current = settings)
        {
            result = Errno.Result(tcgetattr(descriptor, current));
        }

        if (result == 0)
        {
            byte* changed = stackalloc byte[SettingsSize];
            settings.CopyTo(new Span<byte>(changed, SettingsSize));
            *(uint*)(changed + LocalModes) &= ~Echo;
            result = Set(descriptor, AfterFlush, changed);
        }

        return result;
    }

    /// <summary>Restores the settings from <see cref="HideInput"/>. Any thread may call, more than once.</summary>
    /// <returns>0, or −errno.</returns>
    public static int Restore(int descriptor, byte[] settings)
    {
        fixed (byte* p = settings)
        {
            return Set(descriptor, AfterOutput, p);
        }
    }

    private static int Set(int descriptor, int when, byte* settings)
    {
        int result;
        do
        {
            result = Errno.Result(tcsetattr(descriptor, when, settings));
        }
        while (result == -Errno.Interrupted);
        return result;
    }

    [LibraryImport("libc")]
    private static partial int isatty(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcgetattr(int descriptor, byte* settings);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int tcsetattr(int descriptor, int when, byte* settings);
}
