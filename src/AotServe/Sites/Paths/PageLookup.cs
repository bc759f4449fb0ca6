using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Files;

namespace AotServe.Sites.Paths;

/// <summary>
/// Finds the file that an address means: a file by its name, a folder's page, and with clean addresses a page without
/// its extension. Any thread may call.
/// </summary>
/// <remarks>
/// Clean addresses, as Cloudflare Pages has them: <c>/about</c> is the file of that name, else <c>about.html</c>, else
/// the folder, so that a page and the folder of its children can stand side by side. <c>/about.html</c> is moved to
/// <c>/about</c> unless another file answers there, and <c>/about/</c> where no page of a folder does.
/// Why it cannot loop: an address is moved only to one that this class has seen a file for, or to a folder's with a page,
/// and neither is moved again.
/// </remarks>
internal sealed class PageLookup
{
    /// <summary>Bytes that must be free behind a path: a slash and the longest name of a file.</summary>
    public const int Spare = 256;

    private readonly RootFolder _root;
    private readonly byte[][] _indexNames;
    private readonly bool _cleanUrls;

    /// <summary>Looks beneath <paramref name="root"/>, which the caller goes on owning.</summary>
    /// <param name="root">The folder.</param>
    /// <param name="indexNames">Names of folders' pages, one or more, at most 255 bytes each.</param>
    /// <param name="cleanUrls">Whether pages have addresses without <c>.html</c>.</param>
    public PageLookup(RootFolder root, IReadOnlyList<string> indexNames, bool cleanUrls)
    {
        _root = root;
        _cleanUrls = cleanUrls;
        _indexNames = new byte[indexNames.Count][];
        for (int i = 0; i < indexNames.Count; i++)
        {
            _indexNames[i] = Encoding.UTF8.GetBytes(indexNames[i]);
        }
    }

    private static ReadOnlySpan<byte> PageExtension => ".html"u8;

    /// <summary>Finds what the address means.</summary>
    /// <param name="space">
    /// The path that <see cref="RequestPath"/> made, with <see cref="Spare"/> bytes behind it; afterwards, the path of
    /// what the outcome speaks of.
    /// </param>
    /// <param name="length">The length of the path.</param>
    /// <param name="namesFolder">Whether only a folder can be meant.</param>
    /// <param name="failure">Why nothing was found, after <see cref="PageOutcome.Missing"/>.</param>
    public PageOutcome Find(Span<byte> space, ref int length, bool namesFolder, out FileOutcome failure)
    {
        failure = _root.Find(space[..length], out FileEntry entry);
        if (failure == FileOutcome.Found && entry.Kind == FileKind.Regular && !namesFolder)
        {
            return _cleanUrls && IsMoved(space, ref length, out bool toFolder)
                ? toFolder ? PageOutcome.MovedToFolder : PageOutcome.Moved
                : PageOutcome.File;
        }

        bool isFolder = failure == FileOutcome.Found && entry.Kind == FileKind.Folder;
        if (isFolder && namesFolder && FindIndex(space, ref length, ref failure))
        {
            return PageOutcome.File;
        }

        if (failure is not (FileOutcome.Found or FileOutcome.NotFound))
        {
            return PageOutcome.Missing;
        }

        if (_cleanUrls && length > 0 && FindPage(space, length))
        {
            return FoundPage(space, ref length, namesFolder);
        }

        if (isFolder)
        {
            return namesFolder ? PageOutcome.Folder : PageOutcome.MovedToFolder;
        }

        failure = FileOutcome.NotFound;
        return PageOutcome.Missing;
    }

    /// <summary>
    /// The same for a path that the owner of the site wrote. It is not moved to another address: no client knows of it.
    /// </summary>
    public PageOutcome FindRewritten(Span<byte> space, ref int length, bool namesFolder, out FileOutcome failure)
    {
        failure = _root.Find(space[..length], out FileEntry entry);
        if (failure == FileOutcome.Found && entry.Kind == FileKind.Regular && !namesFolder)
        {
            return PageOutcome.File;
        }

        int asked = length;
        PageOutcome found = Find(space, ref asked, namesFolder, out failure);
        if (found is PageOutcome.Moved or PageOutcome.MovedToFolder)
        {
            // The slash at the end is wrong, and so are redirects within.
            asked = length;
            found = Find(space, ref asked, !namesFolder, out failure);
        }

        length = asked;
        return found;
    }

    /// <summary>Finds the page of the folder at the path; see <see cref="Find"/>. Its name is appended.</summary>
    public bool FindIndex(Span<byte> space, ref int length)
    {
        FileOutcome failure = FileOutcome.NotFound;
        return FindIndex(space, ref length, ref failure);
    }

    private static int Append(Span<byte> space, int length, ReadOnlySpan<byte> name)
    {
        if (length > 0)
        {
            space[length++] = (byte)'/';
        }

        name.CopyTo(space[length..]);
        return length + name.Length;
    }

    private static int FolderLength(ReadOnlySpan<byte> path) => Math.Max(0, path.LastIndexOf((byte)'/'));

    private static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];

    /// <summary>
    /// Finds the page of the folder at the path, and appends its name. A page that cannot be had, for another reason
    /// than that it is not there, ends the search and is the failure.
    /// </summary>
    private bool FindIndex(Span<byte> space, ref int length, ref FileOutcome failure)
    {
        foreach (byte[] name in _indexNames)
        {
            int whole = Append(space, length, name);
            FileOutcome outcome = _root.Find(space[..whole], out FileEntry entry);
            if (outcome == FileOutcome.Found && entry.Kind == FileKind.Regular)
            {
                length = whole;
                return true;
            }

            if (outcome is not (FileOutcome.Found or FileOutcome.NotFound))
            {
                failure = outcome;
                return false;
            }
        }

        return false;
    }

    /// <summary>Whether the path with the extension behind it is a page, and no dot file.</summary>
    private bool FindPage(Span<byte> space, int length)
    {
        if (NameIn(space[..length])[0] == '.')
        {
            return false;
        }

        PageExtension.CopyTo(space[length..]);
        return IsFile(space[..(length + PageExtension.Length)]);
    }

    /// <summary>The path is not a file, but with the extension behind it, it is.</summary>
    private PageOutcome FoundPage(Span<byte> space, ref int length, bool namesFolder)
    {
        int whole = length + PageExtension.Length;
        if (IsIndex(space, whole))
        {
            length = FolderLength(space[..length]);
            return PageOutcome.MovedToFolder;
        }

        if (namesFolder)
        {
            return PageOutcome.Moved;
        }

        length = whole;
        return PageOutcome.File;
    }

    /// <summary>Whether a file that was asked for by its whole name has a cleaner address, and which.</summary>
    private bool IsMoved(Span<byte> space, ref int length, out bool toFolder)
    {
        toFolder = IsIndex(space, length);
        if (toFolder)
        {
            length = FolderLength(space[..length]);
            return true;
        }

        int stem = length - PageExtension.Length;
        // Windows drops dots and spaces at the end of a name: it would find another file under what is left.
        if (!space[..length].EndsWith(PageExtension) || space[stem - 1] is (byte)'.' or (byte)' ' || IsFile(space[..stem]))
        {
            return false;
        }

        length = stem;
        return true;
    }

    private bool IsFile(ReadOnlySpan<byte> path) =>
        _root.Find(path, out FileEntry entry) == FileOutcome.Found && entry.Kind == FileKind.Regular;

    /// <summary>Whether the file at the path is the one that answers for its folder.</summary>
    private bool IsIndex(Span<byte> space, int length)
    {
        ReadOnlySpan<byte> name = NameIn(space[..length]);
        int position = 0;
        while (position < _indexNames.Length && !name.SequenceEqual(_indexNames[position]))
        {
            position++;
        }

        if (position == _indexNames.Length)
        {
            return false;
        }

        // One that comes before it in the order takes its place, if it is there.
        ReadOnlySpan<byte> folder = space[..FolderLength(space[..length])];
        for (int i = 0; i < position; i++)
        {
            if (IsIndexThere(folder, _indexNames[i]))
            {
                return false;
            }
        }

        return true;
    }

    private bool IsIndexThere(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name)
    {
        Span<byte> path = stackalloc byte[RootFolder.LongestPath + Spare];
        folder.CopyTo(path);
        return IsFile(path[..Append(path, folder.Length, name)]);
    }
}
