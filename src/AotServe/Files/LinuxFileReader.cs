using System;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>Reads small files of a root folder whole.</summary>
[SupportedOSPlatform("linux")]
internal static class LinuxFileReader
{
    /// <summary>See <see cref="RootFolder.TryRead"/>.</summary>
    public static bool TryRead(LinuxRootFolder root, ReadOnlySpan<byte> path, in FileEntry entry, Span<byte> bytes)
    {
        int descriptor = root.OpenBeneath(path, LinuxRootFolder.ReadFlags, out _);
        if (descriptor < 0)
        {
            return false;
        }

        bool isSame = TryRead(descriptor, entry, bytes);
        FileDescriptor.Close(descriptor);
        return isSame;
    }

    /// <summary>See <see cref="RootFolder.FindAndRead"/>.</summary>
    public static FileOutcome FindAndRead(LinuxRootFolder root, ReadOnlySpan<byte> path, Span<byte> bytes, out FileEntry entry, out int length)
    {
        length = -1;
        entry = default;
        int descriptor = root.OpenBeneath(path, LinuxRootFolder.ReadFlags, out bool isDirect);
        if (descriptor < 0)
        {
            // Where it may not be read, it is there all the same.
            return descriptor == -Errno.NotFound ? FileOutcome.NotFound : root.Find(path, out entry);
        }

        int error = root.Describe(descriptor, path, isDirect, out entry);
        if (error == 0 && entry.Kind == FileKind.Regular && entry.Length <= bytes.Length
            && TryRead(descriptor, entry, bytes[..(int)entry.Length]))
        {
            length = (int)entry.Length;
        }

        FileDescriptor.Close(descriptor);
        return error == 0 ? FileOutcome.Found : LinuxResults.OutcomeOf(error);
    }

    /// <summary>
    /// Reads an open file. One look at it, after it was read, shows that it is the version of before: what was written in between would have
    /// changed the time of its last change.
    /// </summary>
    /// <param name="descriptor">The file.</param>
    /// <param name="entry">What it was before.</param>
    /// <param name="bytes">Room for its length.</param>
    /// <returns>Whether all the bytes are those of that version.</returns>
    private static bool TryRead(int descriptor, in FileEntry entry, Span<byte> bytes)
    {
        int read = 0;
        for (nint count = -1; read < bytes.Length && count != 0; read += (int)count)
        {
            count = Math.Max(0, LinuxFiles.ReadAt(descriptor, bytes[read..], read)); // An error leaves it incomplete, too.
        }

        return read == bytes.Length && LinuxFiles.Stat(descriptor, out LinuxFileStatus status) == 0 && LinuxResults.EntryOf(status) == entry;
    }
}
