using System;
using System.IO;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A folder whose files are served. Whatever the path, nothing outside of it is looked at or opened. Symbolic links are
/// followed as <see cref="SymbolicLinks"/> says; behind any other link nothing is found.
/// Any thread may call all members but <see cref="Dispose"/>, which comes after all other calls.
/// </summary>
/// <remarks>
/// Paths are relative to the folder, in the bytes of the file system, with one slash between names, no NUL and no
/// <c>..</c>. An empty path is that of the folder itself.
/// </remarks>
internal abstract class RootFolder : IDisposable
{
    /// <summary>
    /// The longest path in bytes: the kernel's PATH_MAX without the NUL. A longer path is not found.
    /// </summary>
    public const int LongestPath = 4095;

    /// <summary>Opens the folder at <paramref name="path"/>, with the strictest path resolution that the system has.</summary>
    /// <param name="path">The folder's path.</param>
    /// <param name="links">Which symbolic links are followed.</param>
    /// <param name="exclusions">What is not found, also where a link leads to it; null: everything is.</param>
    /// <exception cref="IOException">It does not exist, is no folder, or may not be searched.</exception>
    public static RootFolder Open(
        string path, SymbolicLinks links = SymbolicLinks.Beneath, Exclusions? exclusions = null)
    {
        if (OperatingSystem.IsLinux())
        {
            var folder = LinuxRootFolder.OpenRoot(path, links);
            return exclusions is null ? folder : folder.Exclude(exclusions);
        }

        var portable = new PortableRootFolder(path, links);
        return exclusions is null ? portable : portable.Exclude(exclusions);
    }

    /// <summary>The same, with the files that <paramref name="options"/> hide, withhold and cache.</summary>
    /// <param name="path">The folder's path.</param>
    /// <param name="options">What is found in it.</param>
    /// <param name="reservedNames">Names directly beneath it that the site itself uses: they are not found in any root.</param>
    /// <param name="variantSuffixes">Suffixes of files that are hidden if the file without it is.</param>
    /// <exception cref="IOException">It does not exist, is no folder, or may not be searched.</exception>
    public static RootFolder Open(
        string path, RootFolderOptions options, string[] reservedNames, string[] variantSuffixes)
    {
        var exclusions = new Exclusions(options.Hidden, reservedNames, variantSuffixes, options.Withheld, options.IgnoreCase);
        RootFolder folder = Open(path, options.SymbolicLinks, exclusions);
        if (options.Cache is not null)
        {
            folder = new CachingRootFolder(folder, options.Cache, static () => Environment.TickCount64, variantSuffixes);
        }

        return new HidingRootFolder(folder, exclusions);
    }

    /// <summary>
    /// The folder without exclusions and without a cache, for files that the server itself reads. Not owned by the caller.
    /// </summary>
    public virtual RootFolder Unfiltered => this;

    /// <summary>The folder without its cache, for names of which something else remembers whether they are there. Not owned by the caller.</summary>
    public virtual RootFolder Uncached => this;

    /// <summary>What keeps paths inside of <see cref="Unfiltered"/>, in a few words for the operator.</summary>
    public virtual string Containment => "";

    /// <summary>What is now at the full path that <see cref="Unfiltered"/> was opened by.</summary>
    public virtual RootPresence PresenceAt(string path) =>
        Directory.Exists(path) ? RootPresence.Same : RootPresence.Gone;

    /// <summary>
    /// Another folder has taken the place of this one. Nothing is remembered of it any more; calls go on as before until it is
    /// disposed of.
    /// </summary>
    public virtual void Retire()
    {
    }

    /// <summary>Watches the folder that holds what is at <paramref name="path"/>, which is not empty.</summary>
    /// <returns><see cref="WatchedFolder.None"/>: it cannot be watched.</returns>
    public virtual WatchedFolder Watch(ReadOnlySpan<byte> path, FolderWatches watches) => WatchedFolder.None;

    /// <summary>Looks at the file at <paramref name="path"/> without opening it.</summary>
    public abstract FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry);

    /// <summary>Whether an open file is still as <paramref name="entry"/> describes it. False if the system cannot tell.</summary>
    public virtual bool IsSameVersion(in FileEntry entry, SafeFileHandle file) => false;

    /// <summary>Reads a whole small file of which <see cref="Find"/> has just said that it is regular.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="entry">What it was then.</param>
    /// <param name="bytes">Room for its length.</param>
    /// <returns>Whether all the bytes are those of that version.</returns>
    public virtual bool TryRead(ReadOnlySpan<byte> path, in FileEntry entry, Span<byte> bytes)
    {
        if (OpenFile(path, out FileEntry opened, out SafeFileHandle? file) != FileOutcome.Found)
        {
            return false;
        }

        using (file)
        {
            try
            {
                int read = 0;
                for (int count = -1; read < bytes.Length && count != 0; read += count)
                {
                    count = RandomAccess.Read(file!, bytes[read..], read);
                }

                return opened == entry && read == bytes.Length
                    && Find(path, out FileEntry after) == FileOutcome.Found && after == entry;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    /// <summary>What is known of all names in the folder at a path.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="variantSuffixes">What the names of variants end in.</param>
    public virtual FolderTraits TraitsOf(ReadOnlySpan<byte> path, string[] variantSuffixes) => FolderTraits.None;

    /// <summary>Whether there may be precompressed files in the folder that holds what is at <paramref name="path"/>.</summary>
    public virtual bool MayHaveVariants(ReadOnlySpan<byte> path) => true;

    /// <summary>
    /// <see cref="Find"/> and <see cref="TryRead"/> in one, for a path in a folder that is <see cref="FolderTraits.IsPlain"/>.
    /// </summary>
    /// <param name="path">The path.</param>
    /// <param name="bytes">Room for the content.</param>
    /// <param name="entry">What it is.</param>
    /// <param name="length">How many bytes of content were read, all of that version; −1: they were not, or there is no room for them.</param>
    public virtual FileOutcome FindAndRead(ReadOnlySpan<byte> path, Span<byte> bytes, out FileEntry entry, out int length)
    {
        length = -1;
        return Find(path, out entry);
    }

    /// <summary>
    /// Opens a file that <see cref="Find"/> has just found to be regular. It may be another file by then (one renamed over
    /// it), but still a regular one, and <paramref name="entry"/> describes the one that was opened. The caller owns the
    /// handle, which is null unless the outcome is <see cref="FileOutcome.Found"/>.
    /// </summary>
    public abstract FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file);

    /// <summary>
    /// The same for callers that take the content from memory as well as from a file. The caller owns the content, which is
    /// empty unless the outcome is <see cref="FileOutcome.Found"/>.
    /// </summary>
    public virtual FileOutcome OpenContent(ReadOnlySpan<byte> path, out FileEntry entry, out FileContent content)
    {
        FileOutcome outcome = OpenFile(path, out entry, out SafeFileHandle? file);
        content = new FileContent(file is null ? null : new SharedFile(file), null);
        return outcome;
    }

    /// <summary>
    /// Adds the files and folders in the folder at <paramref name="path"/> that this process may read, in no order. Names that
    /// begin with a dot and links that lead nowhere or out of the root are left out.
    /// </summary>
    public abstract FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries);

    /// <summary>Closes the folder. Files that were opened stay open.</summary>
    public abstract void Dispose();
}
