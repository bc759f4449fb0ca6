using System;
using System.Text;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites.Representations;

namespace AotServe.Sites.Listing;

/// <summary>
/// A listing as an HTML page without script or external resources. The server sorts it; the headings of the table are links that
/// choose the order.
/// </summary>
/// <remarks>
/// SECURITY: names are chosen by whoever may write to the folder. As text they are escaped. As links they consist of
/// unreserved characters and percent-encodings only, so that no name can be a scheme or end its attribute.
/// </remarks>
internal static class FolderPage
{
    private const int Folder = 0;
    private const int Document = 1;
    private const int Picture = 2;
    private const int Sound = 3;
    private const int Package = 4;
    private const int Unknown = 5;

    /// <summary>Writes the page for the folder at <paramref name="path"/>, whose entries are those of <paramref name="variant"/>, in its order.</summary>
    public static void Write(
        ListingBody body, ReadOnlySpan<byte> path, FolderEntries entries, ListingVariant variant, MediaTypes mediaTypes)
    {
        OutputBuffer page = body.Text;
        page.Write(FolderPageParts.BeforeTitle);
        WriteTitle(page, path);
        page.Write(FolderPageParts.AfterTitle);
        WriteHeader(page, path, entries);
        WriteFilter(page, variant);
        page.Write("<table>\n<caption>Contents of this folder</caption>\n<thead><tr>"u8);
        WriteHeading(page, variant, ListingKey.Name, "Name"u8);
        WriteHeading(page, variant, ListingKey.Size, "Size"u8);
        WriteHeading(page, variant, ListingKey.Time, "Modified<span> (UTC)</span>"u8);
        page.Write("</tr></thead>\n<tbody>\n"u8);
        if (!path.IsEmpty)
        {
            page.Write("<tr class=\"up\"><th scope=\"row\" colspan=\"3\"><a href=\""u8);
            WriteUp(page, 1);
            page.Write("\"><svg aria-hidden=\"true\"><use href=\"#up\"/></svg>Parent folder</a></th></tr>\n"u8);
        }

        foreach (ref readonly FolderEntry entry in entries.All)
        {
            WriteRow(page, entries.NameOf(entry), entry, mediaTypes);
            if (!body.EndRow())
            {
                return;
            }
        }

        if (entries.Count == 0)
        {
            page.Write("<tr><td colspan=\"3\" class=\"none\">"u8);
            page.Write(variant.Filter is null ? "This folder is empty."u8 : "No name here holds that text."u8);
            page.Write("</td></tr>\n"u8);
        }

        page.Write("</tbody>\n</table>\n"u8);
        if (entries.IsTruncated)
        {
            page.Write("<p class=\"note\">There is more in this folder than a page can show: only the first "u8);
            ListingText.WriteNumber(page, FolderEntries.UsualLimit);
            page.Write(" names that the file system gave were looked at.</p>\n"u8);
        }

        page.Write(FolderPageParts.End);
    }

    /// <summary>The path of the folder, as text.</summary>
    private static void WriteTitle(OutputBuffer page, ReadOnlySpan<byte> path)
    {
        page.Write("/"u8);
        if (!path.IsEmpty)
        {
            ListingText.WriteHtml(page, path);
            page.Write("/"u8);
        }
    }

    /// <summary>The path from the root as links, the folder's name, and the number of its entries.</summary>
    private static void WriteHeader(OutputBuffer page, ReadOnlySpan<byte> path, FolderEntries entries)
    {
        page.Write("<header>\n"u8);
        if (!path.IsEmpty)
        {
            // Relative, so that they stay right behind a proxy that takes a prefix off the path.
            int above = 1 + path.Count((byte)'/');
            page.Write("<nav aria-label=\"Folders above\"><ol>\n<li><a href=\""u8);
            WriteUp(page, above);
            page.Write("\">Files</a></li>\n"u8);
            for (int end = path.IndexOf((byte)'/'); end >= 0; end = NextSlash(path, end))
            {
                page.Write("<li><a href=\""u8);
                WriteUp(page, --above);
                page.Write("\"><bdi>"u8);
                ListingText.WriteHtml(page, NameOf(path[..end]));
                page.Write("</bdi></a></li>\n"u8);
            }

            page.Write("</ol></nav>\n"u8);
        }

        page.Write("<h1><bdi>"u8);
        WriteTitle(page, path);
        page.Write("</bdi></h1>\n<p>"u8);
        WriteSummary(page, entries);
        page.Write("</p>\n</header>\n"u8);
    }

    /// <summary>A box for the text that names must hold. It works without script: the server leaves out the others.</summary>
    private static void WriteFilter(OutputBuffer page, in ListingVariant variant)
    {
        page.Write("<form role=\"search\"><label for=\"q\">Filter by name</label><input id=\"q\" type=\"search\" name=\"q\" maxlength=\"100\" placeholder=\"Filter\""u8);
        if (variant.Filter is { } filter)
        {
            page.Write(" value=\""u8);
            ListingText.WriteHtml(page, Encoding.UTF8.GetBytes(filter.Text));
            page.Write("\""u8);
        }

        page.Write("><input type=\"hidden\" name=\"sort\" value=\""u8);
        page.Write(ListingOrder.ParameterFor(variant.Order.Key));
        page.Write("\"><input type=\"hidden\" name=\"order\" value=\""u8);
        page.Write(variant.Order.IsDescending ? "desc\"></form>\n"u8 : "asc\"></form>\n"u8);
    }

    /// <summary>The index of the next slash after the one at <paramref name="slash"/>; −1 if there is none.</summary>
    private static int NextSlash(ReadOnlySpan<byte> path, int slash)
    {
        int distance = path[(slash + 1)..].IndexOf((byte)'/');
        return distance < 0 ? -1 : slash + 1 + distance;
    }

    private static void WriteSummary(OutputBuffer page, FolderEntries entries)
    {
        long folders = 0;
        long bytes = 0;
        foreach (ref readonly FolderEntry entry in entries.All)
        {
            folders += entry.IsFolder ? 1 : 0;
            bytes += entry.IsFolder ? 0 : entry.File.Length;
        }

        long files = entries.Count - folders;
        if (folders > 0)
        {
            WriteCount(page, folders, " folder"u8);
        }

        if (folders > 0 && files > 0)
        {
            page.Write(", "u8);
        }

        if (folders == 0 || files > 0)
        {
            WriteCount(page, files, " file"u8);
        }

        if (files == 0)
        {
            return;
        }

        page.Write(", <span title=\""u8);
        WriteCount(page, bytes, " byte"u8);
        page.Write("\">"u8);
        ListingText.WriteSize(page, bytes);
        page.Write("</span>"u8);
    }

    private static void WriteCount(OutputBuffer page, long count, ReadOnlySpan<byte> noun)
    {
        ListingText.WriteNumber(page, count);
        page.Write(noun);
        page.Write(count == 1 ? ""u8 : "s"u8);
    }

    /// <summary>
    /// A column's heading, a link that sorts by the column, or reverses the order if it is sorted by it already. Size and time
    /// begin with the greatest.
    /// </summary>
    private static void WriteHeading(OutputBuffer page, in ListingVariant variant, ListingKey key, ReadOnlySpan<byte> title)
    {
        ListingOrder order = variant.Order;
        bool isCurrent = order.Key == key;
        bool next = isCurrent ? !order.IsDescending : key != ListingKey.Name;
        page.Write("<th scope=\"col\""u8);
        if (isCurrent)
        {
            page.Write(order.IsDescending ? " aria-sort=\"descending\""u8 : " aria-sort=\"ascending\""u8);
        }

        page.Write("><a href=\"?sort="u8);
        page.Write(ListingOrder.ParameterFor(key));
        page.Write(next ? "&amp;order=desc"u8 : "&amp;order=asc"u8);
        if (variant.Filter is { } filter)
        {
            page.Write("&amp;q="u8);
            ListingText.WriteUrl(page, Encoding.UTF8.GetBytes(filter.Text));
        }

        page.Write("\">"u8);
        page.Write(title);
        page.Write("</a></th>"u8);
    }

    private static void WriteRow(OutputBuffer page, ReadOnlySpan<byte> name, in FolderEntry entry, MediaTypes mediaTypes)
    {
        page.Write("<tr><th scope=\"row\"><a href=\""u8);
        ListingText.WriteUrl(page, name);
        page.Write(entry.IsFolder ? "/\"><svg aria-hidden=\"true\"><use href=\"#k"u8 : "\"><svg aria-hidden=\"true\"><use href=\"#k"u8);
        page.Write(entry.IsFolder ? Folder : KindOf(mediaTypes.ForPath(name)));
        page.Write("\"/></svg><bdi>"u8);
        ListingText.WriteHtml(page, name);
        page.Write("</bdi></a></th><td"u8);
        if (entry.IsFolder)
        {
            page.Write(">–"u8);
        }
        else
        {
            page.Write(" title=\""u8);
            WriteCount(page, entry.File.Length, " byte"u8);
            page.Write("\">"u8);
            ListingText.WriteSize(page, entry.File.Length);
        }

        page.Write("</td><td><time datetime=\""u8);
        ListingText.WriteTimestamp(page, entry.File.ModifiedSeconds);
        page.Write("\">"u8);
        ListingText.WriteDate(page, entry.File.ModifiedSeconds);
        page.Write("<span> "u8);
        ListingText.WriteTime(page, entry.File.ModifiedSeconds, withSeconds: false);
        page.Write("</span></time></td></tr>\n"u8);
    }

    /// <summary>The icon for files of a media type.</summary>
    private static int KindOf(ReadOnlySpan<byte> mediaType)
    {
        if (mediaType.StartsWith("image/"u8))
        {
            return Picture;
        }

        if (mediaType.StartsWith("audio/"u8) || mediaType.StartsWith("video/"u8))
        {
            return Sound;
        }

        if (mediaType.StartsWith("application/octet-stream"u8))
        {
            return Unknown;
        }

        ReadOnlySpan<byte> subtype = mediaType[(mediaType.IndexOf((byte)'/') + 1)..];
        bool isPackage = subtype.IndexOf("zip"u8) >= 0 || subtype.IndexOf("archive"u8) >= 0 || subtype.IndexOf("package"u8) >= 0
            || subtype.SequenceEqual("zstd"u8) || subtype.SequenceEqual("x-tar"u8) || subtype.SequenceEqual("x-xz"u8)
            || subtype.SequenceEqual("x-rpm"u8) || subtype.SequenceEqual("vnd.rar"u8) || subtype.IndexOf("compressed"u8) >= 0;
        return isPackage ? Package : Document;
    }

    /// <summary>The address of a folder so many levels above.</summary>
    private static void WriteUp(OutputBuffer page, int levels)
    {
        for (; levels > 0; levels--)
        {
            page.Write("../"u8);
        }
    }

    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> path) => path[(path.LastIndexOf((byte)'/') + 1)..];
}
