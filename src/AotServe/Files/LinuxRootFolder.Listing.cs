using System;
using AotServe.Native;

namespace AotServe.Files;

/// <content>Reading folders, name by name, with bytes as the file system keeps them.</content>
internal abstract unsafe partial class LinuxRootFolder
{
    private const int RecordsSize = 32 * 1024;

    public sealed override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries)
    {
        int folder = OpenBeneath(path, ReadFlags);
        if (folder < 0)
        {
            return OutcomeOf(-folder);
        }

        try
        {
            return ReadRecords(folder, path, entries);
        }
        finally
        {
            FileDescriptor.Close(folder);
        }
    }

    private FileOutcome ReadRecords(int folder, ReadOnlySpan<byte> path, FolderEntries entries)
    {
        // Names are at most 255 bytes, but the space is sized for what a record could say.
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
                    return filled == 0 ? FileOutcome.Found : OutcomeOf(-filled);
                }

                for (int at = 0; at < filled;)
                {
                    var record = new LinuxFolderRecord(new ReadOnlySpan<byte>(records + at, filled - at));
                    at += record.Length;
                    if (record.Name[0] == '.')
                    {
                        continue;
                    }

                    if (!entries.MayGoOn())
                    {
                        return FileOutcome.Found;
                    }

                    record.Name.CopyTo(whole[prefix..]);
                    ReadOnlySpan<byte> file = whole[..(prefix + record.Name.Length)];
                    if (entries.MaySee(file) && TryDescribe(folder, record, file, out FileEntry entry))
                    {
                        entries.Add(record.Name, entry);
                    }
                }
            }
        }
    }

    /// <summary>Whether an entry is a file or a folder that this process may read, by following no link out.</summary>
    private bool TryDescribe(int folder, LinuxFolderRecord record, ReadOnlySpan<byte> file, out FileEntry entry)
    {
        fixed (byte* name = record.Name)
        {
            if (!record.MayBeLink)
            {
                int error = LinuxFiles.StatLink(folder, name, out LinuxFileStatus status);
                entry = EntryOf(status);
                return error == 0 && entry.Kind != FileKind.Other && status.Identity != _withheld
                    && LinuxFolders.MayBeRead(folder, name, entry.Kind == FileKind.Folder);
            }
        }

        entry = default;
        int descriptor = OpenBeneath(file, NameFlags);
        if (descriptor < 0)
        {
            return false;
        }

        byte empty = 0;
        bool isReadable = Describe(descriptor, out entry) == 0 && entry.Kind != FileKind.Other
            && LinuxFolders.MayBeRead(descriptor, &empty, entry.Kind == FileKind.Folder);
        FileDescriptor.Close(descriptor);
        return isReadable;
    }
}
