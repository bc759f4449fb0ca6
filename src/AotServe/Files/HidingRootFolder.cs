using System;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder in which some paths do not exist, whatever a request looks for: a file, an index page, a precompressed file,
/// an entry of a listing. Owns the folder that it wraps.
/// </summary>
/// <param name="folder">The folder itself, which knows where links lead to.</param>
/// <param name="exclusions">What is hidden by the path that is asked for.</param>
internal sealed class HidingRootFolder(RootFolder folder, Exclusions exclusions) : RootFolder
{
    public override RootFolder Unfiltered => folder.Unfiltered;

    public override RootFolder Uncached => new HidingRootFolder(folder.Uncached, exclusions);

    public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        entry = default;
        return IsHidden(path) ? FileOutcome.NotFound : folder.Find(path, out entry);
    }

    public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file)
    {
        entry = default;
        file = null;
        return IsHidden(path) ? FileOutcome.NotFound : folder.OpenFile(path, out entry, out file);
    }

    public override FileOutcome OpenContent(ReadOnlySpan<byte> path, out FileEntry entry, out FileContent content)
    {
        entry = default;
        content = default;
        return IsHidden(path) ? FileOutcome.NotFound : folder.OpenContent(path, out entry, out content);
    }

    public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries)
    {
        entries.IsHidden = IsHidden;
        return IsHidden(path) ? FileOutcome.NotFound : folder.ReadFolder(path, entries);
    }

    public override bool MayHaveVariants(ReadOnlySpan<byte> path) => folder.MayHaveVariants(path);

    public override void Retire() => folder.Retire();

    public override void Dispose() => folder.Dispose();

    private bool IsHidden(ReadOnlySpan<byte> path) => exclusions.IsHidden(path);
}
