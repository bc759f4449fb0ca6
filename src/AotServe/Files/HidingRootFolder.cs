using System;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder in which some names are not there: for no step that a request goes through, whether it looks for the
/// file that was asked for, an index, or something beside it. Owns the folder that it stands before.
/// </summary>
internal sealed class HidingRootFolder(RootFolder folder, HiddenNames hidden) : RootFolder
{
    public override RootFolder Unfiltered => folder.Unfiltered;

    public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        entry = default;
        return hidden.Contains(path) ? FileOutcome.NotFound : folder.Find(path, out entry);
    }

    public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file)
    {
        entry = default;
        file = null;
        return hidden.Contains(path) ? FileOutcome.NotFound : folder.OpenFile(path, out entry, out file);
    }

    public override FileOutcome OpenContent(ReadOnlySpan<byte> path, out FileEntry entry, out FileContent content)
    {
        entry = default;
        content = default;
        return hidden.Contains(path) ? FileOutcome.NotFound : folder.OpenContent(path, out entry, out content);
    }

    public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries)
    {
        entries.Hidden = hidden;
        return hidden.Contains(path) ? FileOutcome.NotFound : folder.ReadFolder(path, entries);
    }

    public override void Dispose() => folder.Dispose();
}
