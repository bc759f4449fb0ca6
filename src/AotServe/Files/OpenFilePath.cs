using System;
using System.Globalization;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>The path of an open file (proc_pid_fd(5)).</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class OpenFilePath
{
    private static ReadOnlySpan<byte> LinkPrefix => "/proc/self/fd/"u8;

    /// <summary>Reads the path from the root of the file system on, without links. False: /proc is not there, or the file has been deleted.</summary>
    public static bool TryRead(int descriptor, Span<byte> space, out ReadOnlySpan<byte> path)
    {
        Span<byte> link = stackalloc byte[32];
        int length = LinkPrefix.Length;
        LinkPrefix.CopyTo(link);
        descriptor.TryFormat(link[length..], out int digits, default, CultureInfo.InvariantCulture);
        link[length + digits] = 0;
        nint read;
        fixed (byte* p = link)
        {
            read = LinuxFiles.ReadLink(p, space);
        }

        path = read > 0 && read < space.Length ? space[..(int)read] : default;
        return !path.IsEmpty && path[0] == '/' && !path.EndsWith(" (deleted)"u8);
    }
}
