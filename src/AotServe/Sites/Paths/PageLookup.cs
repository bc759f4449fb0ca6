using System;
using System.Runtime.CompilerServices;
using System.Text;
using AotServe.Files;

namespace AotServe.Sites.Paths;

/// <summary>
/// Finds the file that a path stands for: the file of that name, the index page of a folder, or with clean URLs a page
/// without its extension. Any thread may call.
/// </summary>
/// <remarks>
/// Clean URLs work as on Cloudflare Pages: <c>/about</c> is the file of that name, else <c>about.html</c>, else the folder, so
/// that a page and the folder of its children can stand side by side. <c>/about.html</c> redirects to <c>/about</c> unless
/// another file is there, and <c>/about/</c> does unless the folder has an index page.
/// Redirects cannot loop: the target is always a page that was seen here, or a folder with an index page, and neither is
/// redirected again.
/// </remarks>
internal sealed class PageLookup
{
    private readonly RootFolder _root;
    private readonly byte[][] _indexNames;
    private readonly bool _cleanUrls;
    private readonly PathFilter _isCoded;

    /// <param name="root">The folder, which the caller continues to own.</param>
    /// <param name="indexNames">Names of index pages in their order, one or more, at most 255 bytes each.</param>
    /// <param name="cleanUrls">Whether pages have addresses without <c>.html</c>.</param>
    /// <param name="isCoded">Whether a file that is not at a path is beside it, in a content coding: then it counts as there.</param>
    public PageLookup(RootFolder root, string[] indexNames, bool cleanUrls, PathFilter isCoded)
    {
        _root = root;
        _isCoded = isCoded;
        _cleanUrls = cleanUrls;
        _indexNames = new byte[indexNames.Length][];
        for (int i = 0; i < indexNames.Length; i++)
        {
            _indexNames[i] = Encoding.UTF8.GetBytes(indexNames[i]);
        }
    }

    private static ReadOnlySpan<byte> PageExtension => ".html"u8;

    /// <summary>Finds what the path of a request stands for. The path becomes that of what was found.</summary>
    public LookupResult Find(ref ResolvedPath path)
    {
        FileOutcome outcome = Look(path.Bytes, out FileKind kind);
        if (outcome == FileOutcome.Found && kind == FileKind.Regular && !path.NamesFolder)
        {
            return new LookupResult(_cleanUrls && TryShorten(ref path) ? PageOutcome.Moved : PageOutcome.File);
        }

        bool isFolder = outcome == FileOutcome.Found && kind == FileKind.Folder;
        if (isFolder && path.NamesFolder)
        {
            FileOutcome index = FindIndex(ref path);
            if (index == FileOutcome.Found)
            {
                return new LookupResult(PageOutcome.File);
            }

            outcome = index == FileOutcome.NotFound ? outcome : index;
        }

        if (outcome is not (FileOutcome.Found or FileOutcome.NotFound))
        {
            return new LookupResult(outcome);
        }

        if (_cleanUrls && !path.IsRoot && TryFindPage(ref path, out PageOutcome page))
        {
            return new LookupResult(page);
        }

        if (!isFolder)
        {
            return new LookupResult(FileOutcome.NotFound);
        }

        if (path.NamesFolder)
        {
            return new LookupResult(PageOutcome.Folder);
        }

        path.NamesFolder = true;
        ResolvedPath folder = path;
        bool hasIndex = FindIndex(ref path) != FileOutcome.NotFound;
        path = folder;
        return new LookupResult(hasIndex ? PageOutcome.Moved : PageOutcome.FolderMoved);
    }

    /// <summary>
    /// The same for a path that the owner of the site wrote in a rule. It is never <see cref="PageOutcome.Moved"/>: no client
    /// knows the path.
    /// </summary>
    public LookupResult FindRewritten(ref ResolvedPath path)
    {
        if (!path.NamesFolder && IsFile(path.Bytes))
        {
            return new LookupResult(PageOutcome.File);
        }

        ResolvedPath written = path;
        LookupResult found = Find(ref path);
        if (found.Outcome is PageOutcome.Moved or PageOutcome.FolderMoved)
        {
            // The owner wrote the path with a slash too many or too few.
            path = written;
            path.NamesFolder = !path.NamesFolder;
            found = Find(ref path);
        }

        return found;
    }

    /// <summary>
    /// Finds the index page of the folder at the path, and appends its name. False if there is none, or it cannot be looked at.
    /// </summary>
    public bool TryFindIndex(ref ResolvedPath path) => FindIndex(ref path) == FileOutcome.Found;

    /// <summary>
    /// Finds the index page of the folder at the path, and appends its name. Not found if there is none; an index page that
    /// cannot be looked at ends the search with that outcome. The path is then unchanged.
    /// </summary>
    private FileOutcome FindIndex(ref ResolvedPath path)
    {
        ResolvedPath folder = path;
        foreach (byte[] name in _indexNames)
        {
            path.Append(name);
            FileOutcome outcome = Look(path.Bytes, out FileKind kind);
            if (outcome == FileOutcome.Found && kind == FileKind.Regular)
            {
                return outcome;
            }

            path = folder;
            if (outcome is not (FileOutcome.Found or FileOutcome.NotFound))
            {
                return outcome;
            }
        }

        return FileOutcome.NotFound;
    }

    /// <summary>
    /// Looks for a page at the path with the extension behind it. If there is one, the path becomes the page's, or the
    /// canonical address of the page.
    /// </summary>
    private bool TryFindPage(ref ResolvedPath path, out PageOutcome outcome)
    {
        outcome = PageOutcome.Missing;
        if (path.Name[0] == '.')
        {
            return false;
        }

        ResolvedPath asked = path;
        path.AppendExtension(PageExtension);
        if (!IsFile(path.Bytes))
        {
            path = asked;
            return false;
        }

        outcome = PageOutcome.File;
        if (IsIndex(path))
        {
            path.MoveToParent();
            outcome = PageOutcome.Moved;
        }
        else if (asked.NamesFolder)
        {
            path.RemoveExtension(PageExtension.Length);
            outcome = PageOutcome.Moved;
        }

        return true;
    }

    /// <summary>
    /// Makes the path of a file the shorter one that is its canonical address: an index page's folder, a page without its
    /// extension. False if there is none.
    /// </summary>
    private bool TryShorten(ref ResolvedPath path)
    {
        if (IsIndex(path))
        {
            path.MoveToParent();
            return true;
        }

        if (!path.Bytes.EndsWith(PageExtension))
        {
            return false;
        }

        ReadOnlySpan<byte> stem = path.Bytes[..^PageExtension.Length];
        // Windows drops dots and spaces at the end of a name, and would find another file at the stem.
        if (stem[^1] is (byte)'.' or (byte)' ' || IsFile(stem))
        {
            return false;
        }

        path.RemoveExtension(PageExtension.Length);
        return true;
    }

    private bool IsFile(scoped ReadOnlySpan<byte> path) =>
        Look(path, out FileKind kind) == FileOutcome.Found && kind == FileKind.Regular;

    /// <summary>Looks at what is at the path. A file that is there in content codings only is a file.</summary>
    private FileOutcome Look(scoped ReadOnlySpan<byte> path, out FileKind kind)
    {
        FileOutcome outcome = _root.Find(path, out FileEntry entry);
        kind = entry.Kind;
        if (outcome == FileOutcome.NotFound && _isCoded(path))
        {
            kind = FileKind.Regular;
            return FileOutcome.Found;
        }

        return outcome;
    }

    /// <summary>Whether the file at the path is the index page of its folder.</summary>
    private bool IsIndex(scoped in ResolvedPath path)
    {
        int position = 0;
        while (position < _indexNames.Length && !path.Name.SequenceEqual(_indexNames[position]))
        {
            position++;
        }

        if (position == _indexNames.Length)
        {
            return false;
        }

        // An index page that comes earlier in the order takes precedence, if it exists.
        for (int i = 0; i < position; i++)
        {
            if (IsFileIn(path.Parent, _indexNames[i]))
            {
                return false;
            }
        }

        return true;
    }

    [SkipLocalsInit]
    private bool IsFileIn(scoped ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name)
    {
        Span<byte> path = stackalloc byte[folder.Length + 1 + name.Length];
        folder.CopyTo(path);
        int length = folder.Length;
        if (length > 0)
        {
            path[length++] = (byte)'/';
        }

        name.CopyTo(path[length..]);
        return IsFile(path[..(length + name.Length)]);
    }
}
