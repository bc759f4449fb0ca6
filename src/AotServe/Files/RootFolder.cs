using System;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A folder whose files are served, and the walls around it: whatever the path, nothing outside is looked at or opened.
/// Symbolic links are followed as <see cref="SymbolicLinks"/> says; what is behind another is not found.
/// All members may be called from any thread, but for <see cref="Dispose"/>, which comes after all other calls.
/// </summary>
/// <remarks>
/// Paths are relative to the folder, bytes as the file system keeps them, in this form:
/// one slash between names, no NUL, no <c>..</c>. Empty names the folder itself.
/// </remarks>
internal abstract class RootFolder : IDisposable
{
    /// <summary>
    /// The longest path in bytes: the kernel's PATH_MAX without the NUL. No file has a longer one, so one that is asked
    /// for is not found.
    /// </summary>
    public const int LongestPath = 4095;

    /// <summary>Opens the folder at <paramref name="path"/> with the best walls that the system has.</summary>
    /// <exception cref="System.IO.IOException">It does not exist, is no folder, or may not be searched.</exception>
    public static RootFolder Open(string path, SymbolicLinks links = SymbolicLinks.Beneath) =>
        OperatingSystem.IsLinux() && Environment.Is64BitProcess
            ? LinuxRootFolder.OpenRoot(path, links)
            : new PortableRootFolder(path, links);

    /// <summary>The same, with what <paramref name="options"/> hide, withhold and cache.</summary>
    /// <exception cref="System.IO.IOException">It does not exist, is no folder, or may not be searched.</exception>
    public static RootFolder Open(string path, RootFolderOptions options)
    {
        RootFolder folder = Open(path, options.SymbolicLinks);
        if (options.Withheld is not null)
        {
            folder.Withhold(options.Withheld);
        }

        if (options.Cache is not null)
        {
            folder = new CachingRootFolder(folder, options.Cache, static () => Environment.TickCount64);
        }

        return options.Hidden is null ? folder : new HidingRootFolder(folder, options.Hidden);
    }

    /// <summary>
    /// The folder with the names that it hides, and as it is at this moment, for what the server itself reads. Not to be
    /// disposed of.
    /// </summary>
    public virtual RootFolder Unfiltered => this;

    /// <summary>How nothing outside of <see cref="Unfiltered"/> is reached, in a few words for whoever runs the server.</summary>
    public virtual string Guard => "";

    /// <summary>Says what <paramref name="path"/> names, opening nothing for reading.</summary>
    public abstract FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry);

    /// <summary>
    /// Whether <see cref="Find"/> would say the same of <paramref name="path"/> again, where one look can tell; false says
    /// nothing.
    /// </summary>
    public virtual bool IsUnchanged(ReadOnlySpan<byte> path, FileOutcome outcome, in FileEntry entry) =>
        Find(path, out FileEntry found) == outcome && found == entry;

    /// <summary>Whether an open file is still as <paramref name="entry"/> says. False where the system cannot tell.</summary>
    public virtual bool IsSameVersion(in FileEntry entry, SafeFileHandle file) => false;

    /// <summary>
    /// Opens a file that <see cref="Find"/> has just called regular. What is opened may be another by then (a file
    /// renamed over it): it is regular all the same, and <paramref name="entry"/> describes the one in
    /// <paramref name="file"/>. The caller owns the handle, which is null unless the outcome is
    /// <see cref="FileOutcome.Found"/>.
    /// </summary>
    public abstract FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file);

    /// <summary>
    /// The same, where the content will do as well from memory as from the file. The caller owns it; it is empty unless the
    /// outcome is <see cref="FileOutcome.Found"/>.
    /// </summary>
    public virtual FileOutcome OpenContent(ReadOnlySpan<byte> path, out FileEntry entry, out FileContent content)
    {
        FileOutcome outcome = OpenFile(path, out entry, out SafeFileHandle? file);
        content = new FileContent(file is null ? null : new SharedFile(file), default);
        return outcome;
    }

    /// <summary>
    /// Makes the file that <paramref name="file"/> names at this moment one that is not found, also by way of links. Before
    /// all other calls. Here it does nothing: where the system does not say what is the same file, its name has to do.
    /// </summary>
    public virtual void Withhold(string file)
    {
    }

    /// <summary>
    /// Adds to <paramref name="entries"/> the files and folders in the folder at <paramref name="path"/> that this process
    /// may read, in no order. Names that begin with a dot are left out, as are links that lead nowhere or out.
    /// </summary>
    public abstract FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries);

    /// <summary>Closes the folder. Files that were opened stay open.</summary>
    public abstract void Dispose();
}
