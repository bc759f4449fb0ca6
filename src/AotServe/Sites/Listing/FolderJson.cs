using System;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Listing;

/// <summary>
/// A listing as JSON. <c>href</c> is exact whatever the bytes of a name are; <c>name</c> is for display, and has U+FFFD for
/// bytes that are not UTF-8.
/// </summary>
/// <example><code>
/// {"path":"/a/","truncated":false,"entries":[
/// {"name":"b.txt","href":"b.txt","type":"file","size":5,"modified":"2024-02-29T12:34:56Z"}]}
/// </code></example>
internal static class FolderJson
{
    /// <summary>Writes the listing of the folder at <paramref name="path"/>, whose entries are sorted.</summary>
    public static void Write(ListingBody body, ReadOnlySpan<byte> path, FolderEntries entries)
    {
        OutputBuffer output = body.Text;
        output.Write("{\"path\":\"/"u8);
        ListingText.WriteUrl(output, path);
        output.Write(path.IsEmpty ? ""u8 : "/"u8);
        output.Write("\",\"truncated\":"u8);
        output.Write(entries.IsTruncated ? "true"u8 : "false"u8);
        output.Write(",\"entries\":["u8);
        bool isFirst = true;
        foreach (ref readonly FolderEntry entry in entries.All)
        {
            output.Write(isFirst ? "\n{\"name\":\""u8 : ",\n{\"name\":\""u8);
            isFirst = false;
            ListingText.WriteJson(output, entries.NameOf(entry));
            output.Write("\",\"href\":\""u8);
            ListingText.WriteUrl(output, entries.NameOf(entry));
            if (entry.IsFolder)
            {
                output.Write("/\",\"type\":\"directory\""u8);
            }
            else
            {
                output.Write("\",\"type\":\"file\",\"size\":"u8);
                output.Write(entry.File.Length);
            }

            output.Write(",\"modified\":\""u8);
            ListingText.WriteTimestamp(output, entry.File.ModifiedSeconds);
            output.Write("\"}"u8);
            if (!body.EndRow())
            {
                return;
            }
        }

        output.Write("]}\n"u8);
    }
}
