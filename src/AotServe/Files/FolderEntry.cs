namespace AotServe.Files;

/// <summary>A file or a folder in <see cref="FolderEntries"/>.</summary>
/// <param name="NameStart">The offset of its name among all names (see <see cref="FolderEntries.NameOf"/>).</param>
/// <param name="NameLength">The length of the name, bytes.</param>
/// <param name="File">A regular file or a folder.</param>
internal readonly record struct FolderEntry(int NameStart, int NameLength, FileEntry File)
{
    public bool IsFolder => File.Kind == FileKind.Folder;
}
