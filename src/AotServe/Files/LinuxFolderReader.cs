using System;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>
/// Reads the names in a folder on Linux with getdents64(2), as bytes, and describes the files that this process may read.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class LinuxFolderReader
{
    private const int RecordsSize = 32 * 1024;

    /// <summary>Adds the entries of the folder at <paramref name="path"/>; see <see cref="RootFolder.ReadFolder"/>.</summary>
    public static FileOutcome Read(LinuxRootFolder root, ReadOnlySpan<byte> path, FolderEntries entries)
    {
        int folder = root.OpenBeneath(path, LinuxRootFolder.ReadFlags);
        if (folder < 0)
        {
            return LinuxRootFolder.OutcomeOf(-folder);
        }

        try
        {
            return ReadRecords(root, folder, path, entries);
        }
        finally
        {
            FileDescriptor.Close(folder);
        }
    }

    private static FileOutcome ReadRecords(LinuxRootFolder root, int folder, ReadOnlySpan<byte> path, FolderEntries entries)
    {
        // Names are at most 255 bytes, but the buffer has room for the longest that a record could hold.
        Span<byte> whole = new byte[RootFolder.LongestPath + 1 + RecordsSize];
        path.CopyTo(whole);
        int prefix = path.Length;
        if (prefix > 0)
        {
            whole[prefix++] = (byte)'/';
        }

        fixed (byte* records = new byte[RecordsSize])
        {
            while (true)
            {
                int filled = LinuxFolders.Read(folder, records, RecordsSize);
                if (filled <= 0)
                {
                    return filled == 0 ? FileOutcome.Found : LinuxRootFolder.OutcomeOf(-filled);
                }

                for (int at = 0; at < filled;)
                {
                    var record = new LinuxFolderRecord(new ReadOnlySpan<byte>(records + at, filled - at));
                    at += record.Length;
                    if (record.Name[0] == '.')
                    {
                        continue;
                    }

                    if (!entries.TryCountName())
                    {
                        return FileOutcome.Found;
                    }

                    record.Name.CopyTo(whole[prefix..]);
                    ReadOnlySpan<byte> file = whole[..(prefix + record.Name.Length)];
                    if (entries.MayBeListed(file) && TryDescribe(root, folder, record, file, out FileEntry entry))
                    {
                        entries.Add(record.Name, entry);
                    }
                }
            }
        }
    }

    /// <summary>
    /// Describes an entry; false if it is neither a file nor a folder, or this process may not read it. A symbolic link is
    /// followed by the rules of the root folder.
    /// </summary>
    private static bool TryDescribe(
        LinuxRootFolder root, int folder, LinuxFolderRecord record, ReadOnlySpan<byte> file, out FileEntry entry)
    {
        fixed (byte* name = record.Name)
        {
            if (!record.MayBeLink)
            {
                int error = LinuxFiles.StatLink(folder, name, out LinuxFileStatus status);
                entry = LinuxRootFolder.EntryOf(status);
                return error == 0 && entry.Kind != FileKind.Other && !root.IsWithheld(status)
                    && LinuxFolders.MayBeRead(folder, name, entry.Kind == FileKind.Folder);
            }
        }

        entry = default;
        int descriptor = root.OpenBeneath(file, LinuxRootFolder.NameFlags);
        if (descriptor < 0)
        {
            return false;
        }

        byte empty = 0;
        bool isReadable = root.Describe(descriptor, out entry) == 0 && entry.Kind != FileKind.Other
            && LinuxFolders.MayBeRead(descriptor, &empty, entry.Kind == FileKind.Folder);
        FileDescriptor.Close(descriptor);
        return isReadable;
    }
}
