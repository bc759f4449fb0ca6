using System;
using System.Runtime.CompilerServices;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// The redirect to the canonical address of a file or a folder: a folder's with a slash at the end, without which the
/// relative references of its page would lead to the folder above, and a page's without its extension.
/// </summary>
internal static class CanonicalRedirect
{
    /// <summary>
    /// Answers 301 with a relative reference (RFC 3986 §4.2), which stays right behind a proxy that takes a prefix off the path; with the
    /// whole path where the target was not written in normal form, so that clients do not agree on what it is relative to. SECURITY:
    /// Location is made from the path that was found, not from the one that was sent, and colons in it are encoded. So it has
    /// no scheme, never begins with two slashes, and stays on this origin.
    /// </summary>
    /// <param name="path">The canonical path.</param>
    /// <param name="head">The request, whose query is kept: visible ASCII only.</param>
    /// <param name="response">The response to write.</param>
    [SkipLocalsInit]
    public static void Write(scoped in ResolvedPath path, RequestHead head, Response response)
    {
        Span<byte> location = stackalloc byte[
            (PercentEncoding.TripletLength * (RootFolder.LongestPath + 1)) + HttpLimits.RequestLine + Up.Length];
        int length = WritePath(path.WithSlash, head.Path, location);
        if (!head.Query.IsEmpty)
        {
            location[length++] = (byte)'?';
            head.Query.CopyTo(location[length..]);
            length += head.Query.Length;
        }

        response.Start(301);
        response.Field("Location"u8, location[..length]);
        response.EndWithBody(default);
    }

    private static ReadOnlySpan<byte> Up => "../"u8;

    private static int WritePath(ReadOnlySpan<byte> path, ReadOnlySpan<byte> asked, Span<byte> location)
    {
        int slashes = asked.Count((byte)'/');
        if (slashes != SlashesInNormalForm(asked))
        {
            location[0] = (byte)'/';
            return 1 + PercentEncoding.Write(path, location[1..]);
        }

        // The client drops what is behind the last slash of its address. What is canonical lies in that folder, or beside it.
        int folders = slashes - 1;
        bool isBeside = path.Count((byte)'/') < folders;
        int length = 0;
        if (isBeside)
        {
            folders--;
            Up.CopyTo(location);
            length = Up.Length;
        }

        for (; folders > 0; folders--)
        {
            path = path[(path.IndexOf((byte)'/') + 1)..];
        }

        if (path.IsEmpty && !isBeside)
        {
            "./"u8.CopyTo(location);
            return 2;
        }

        return length + PercentEncoding.Write(path, location[length..]);
    }

    [SkipLocalsInit]
    private static int SlashesInNormalForm(ReadOnlySpan<byte> asked)
    {
        var path = new ResolvedPath(stackalloc byte[ResolvedPath.RoomFor(asked)]);
        path.Resolve(asked);
        return 1 + path.WithSlash.Count((byte)'/');
    }
}
