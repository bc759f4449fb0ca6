using System;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>
/// Reads the names in a folder on Linux with getdents64(2), as bytes, and describes the files that this process may read.
/// </summary>
[SupportedOSPlatform("linux")]
internal static unsafe class LinuxFolderReader
{
    /// <summary>How many bytes of records are read at a time.</summary>
    private const int RecordsSize = 32 * 1024;

    /// <summary>How many bytes of records of a folder are looked at for its traits: some ten thousand names, and a millisecond.</summary>
    private const int MostRecords = 512 * 1024;

    /// <summary>The same where a folder with many names is of no use: about a hundred of them.</summary>
    private const int FewRecordsSize = 4 * 1024;

    /// <summary>Adds the entries of the folder at <paramref name="path"/>; see <see cref="RootFolder.ReadFolder"/>.</summary>
    public static FileOutcome Read(LinuxRootFolder root, ReadOnlySpan<byte> path, FolderEntries entries)
    {
        int folder = root.OpenBeneath(path, LinuxRootFolder.ReadFlags, out bool isDirect);
        if (folder < 0)
        {
            return LinuxResults.OutcomeOf(-folder);
        }

        try
        {
            if (isDirect)
            {
                return ReadRecords(root, folder, path, default, entries);
            }

            // Behind a link, what is hidden at the folder's own path does not appear either.
            return root.TryGetPath(folder, new byte[2 * (RootFolder.LongestPath + 1)], out ReadOnlySpan<byte> ownPath, out bool isBeneath)
                ? ReadRecords(root, folder, path, isBeneath ? ownPath : default, entries)
                : FileOutcome.NotFound;
        }
        finally
        {
            FileDescriptor.Close(folder);
        }
    }

    /// <summary>What is known of all names in a folder, of at most some thousand.</summary>
    [SkipLocalsInit]
    public static FolderTraits TraitsOf(LinuxRootFolder root, ReadOnlySpan<byte> path, string[] variantSuffixes)
    {
        // With a slash and a dot behind it nothing is opened that is no folder.
        Span<byte> name = stackalloc byte[RootFolder.LongestPath];
        if (path.Length > name.Length - 2)
        {
            return FolderTraits.None;
        }

        path.CopyTo(name);
        "/."u8.CopyTo(name[path.Length..]);
        int folder = root.OpenBeneath(path.IsEmpty ? path : name[..(path.Length + 2)], LinuxRootFolder.ReadFlags, out _);
        if (folder < 0)
        {
            return FolderTraits.None;
        }

        FolderTraits traits = ReadTraits(folder, variantSuffixes);
        FileDescriptor.Close(folder);
        return traits;
    }

    [SkipLocalsInit]
    private static FolderTraits ReadTraits(int folder, string[] variantSuffixes)
    {
        byte* records = stackalloc byte[FewRecordsSize];
        FolderTraits traits = FolderTraits.IsPlain | FolderTraits.HasNoVariants;
        int filled;
        for (int total = 0; (filled = LinuxFolders.Read(folder, records, FewRecordsSize)) > 0; total += filled)
        {
            if (total > MostRecords)
            {
                return FolderTraits.None;
            }

            for (int at = 0; at < filled && traits != FolderTraits.None;)
            {
                var record = new LinuxFolderRecord(new ReadOnlySpan<byte>(records + at, filled - at));
                at += record.Length;
                traits &= (record.IsPlain ? FolderTraits.IsPlain : 0) | (IsVariant(record.Name, variantSuffixes) ? 0 : FolderTraits.HasNoVariants);
            }
        }

        return filled == 0 ? traits : FolderTraits.None;
    }

    // Whatever the case: there are file systems that do not tell one from the other.
    private static bool IsVariant(ReadOnlySpan<byte> name, string[] suffixes)
    {
        foreach (string suffix in suffixes)
        {
            if (name.Length > suffix.Length && Ascii.EqualsIgnoreCase(name[^suffix.Length..], suffix))
            {
                return true;
            }
        }

        return false;
    }

    private static FileOutcome ReadRecords(
        LinuxRootFolder root, int folder, ReadOnlySpan<byte> path, ReadOnlySpan<byte> ownPath, FolderEntries entries)
    {
        Span<byte> whole = RoomForNames(path, out int prefix);
        Span<byte> own = ownPath.IsEmpty ? default : RoomForNames(ownPath, out _);

        byte[] buffer = new byte[entries.IsAllOrNone ? FewRecordsSize : RecordsSize];
        fixed (byte* records = buffer)
        {
            while (true)
            {
                int filled = LinuxFolders.Read(folder, records, buffer.Length);
                if (filled <= 0)
                {
                    return filled == 0 ? FileOutcome.Found : LinuxResults.OutcomeOf(-filled);
                }

                // Files cost more to look at than names: a folder that is too large is found out first.
                if (entries.IsAllOrNone && entries.IsExceededBy(CountNames(new ReadOnlySpan<byte>(records, filled))))
                {
                    return FileOutcome.Found;
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
                    if (entries.MayBeListed(file) && !IsHidden(root, own, ownPath.Length, record.Name)
                        && TryDescribe(root, folder, record, file, out FileEntry entry))
                    {
                        entries.Add(record.Name, entry);
                    }
                }
            }
        }
    }

    /// <summary>How many names of records can be listed at all.</summary>
    private static int CountNames(ReadOnlySpan<byte> records)
    {
        int count = 0;
        while (!records.IsEmpty)
        {
            var record = new LinuxFolderRecord(records);
            count += record.Name[0] == '.' ? 0 : 1;
            records = records[record.Length..];
        }

        return count;
    }

    /// <summary>
    /// A buffer that begins with the path of a folder and a slash. Names are at most 255 bytes, but it has room for the longest that
    /// a record could hold.
    /// </summary>
    private static Span<byte> RoomForNames(ReadOnlySpan<byte> path, out int prefix)
    {
        Span<byte> whole = new byte[RootFolder.LongestPath + 1 + RecordsSize];
        path.CopyTo(whole);
        prefix = path.Length;
        if (prefix > 0)
        {
            whole[prefix++] = (byte)'/';
        }

        return whole;
    }

    /// <summary>Whether an entry is hidden at the folder's own path, where that is another than the one asked for.</summary>
    private static bool IsHidden(LinuxRootFolder root, Span<byte> own, int folderLength, ReadOnlySpan<byte> name)
    {
        if (own.IsEmpty)
        {
            return false;
        }

        name.CopyTo(own[(folderLength + 1)..]);
        return root.IsHidden(own[..(folderLength + 1 + name.Length)]);
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
                entry = LinuxResults.EntryOf(status);
                return error == 0 && entry.Kind != FileKind.Other && !root.IsWithheld(status, record.Name)
                    && LinuxFolders.MayBeRead(folder, name, entry.Kind == FileKind.Folder);
            }
        }

        entry = default;
        int descriptor = root.OpenBeneath(file, LinuxRootFolder.NameFlags, out bool isDirect);
        if (descriptor < 0)
        {
            return false;
        }

        byte empty = 0;
        bool isReadable = root.Describe(descriptor, file, isDirect, out entry) == 0 && entry.Kind != FileKind.Other
            && LinuxFolders.MayBeRead(descriptor, &empty, entry.Kind == FileKind.Folder);
        FileDescriptor.Close(descriptor);
        return isReadable;
    }
}
