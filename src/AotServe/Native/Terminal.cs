using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace AotServe.Native;

/// <summary>What a terminal does with what is typed (termios(3)).</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class Terminal
{
    /// <summary>Larger than <c>struct termios</c> is anywhere.</summary>
    private const int SettingsSize = 256;

    /// <summary>TCSAFLUSH: once what was written is out, and what was typed and not read is thrown away.</summary>
    private const int AfterFlush = 2;

    /// <summary>TCSADRAIN: once what was written is out.</summary>
    private const int AfterOutput = 1;

    /// <summary>ECHO.</summary>
    private const uint Echo = 0x8;

    /// <summary>Where the local modes are: behind three sets of flags of 4 bytes, on macOS of 8.</summary>
    private static int LocalModes => OperatingSystem.IsMacOS() ? 24 : 12;

    /// <summary>isatty(3).</summary>
    public static bool IsTerminal(int descriptor) => isatty(descriptor) == 1;

    /// <summary>
    /// Keeps the terminal from showing what is typed, and gives its settings from before; null: it cannot be done.
    /// </summary>
    public static byte[]? HideInput(int descriptor)
    {
        byte[] before = new byte[SettingsSize];
        byte[] hidden = new byte[SettingsSize];
        fixed (byte* settings = before, changed = hidden)
        {
            if (tcgetattr(descriptor, settings) != 0)
            {
                return null;
            }

            before.CopyTo(hidden, 0);
            *(uint*)(changed + LocalModes) &= ~Echo;
            return tcsetattr(descriptor, AfterFlush, changed) == 0 ? before : null;
        }
    }

    /// <summary>Gives the terminal settings that it had. Any thread may call, more than once.</summary>
    public static void Restore(int descriptor, byte[] settings)
    {
        fixed (byte* p = settings)
        {
            tcsetattr(descriptor, AfterOutput, p);
        }
    }

    [LibraryImport("libc")]
    private static partial int isatty(int descriptor);

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* settings);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, byte* settings);
}
