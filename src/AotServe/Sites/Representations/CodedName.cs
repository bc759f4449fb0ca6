using System;
using AotServe.Files;
using AotServe.Sites.Representations.Codings;

namespace AotServe.Sites.Representations;

/// <summary>
/// Names of files whose content is coded and which a page asks for by that very name: <c>icon.svgz</c>, and what Unity's builds hold,
/// <c>game.framework.js.br</c>, <c>game.data.gz</c>. They are sent with the coding and the type of what is inside. Archives and data
/// that people download compressed (<c>.tar.gz</c>, <c>.csv.gz</c>) are not among them: a browser would unpack them and
/// keep the name.
/// </summary>
internal static class CodedName
{
    /// <summary>
    /// What Brotli files may hold: nobody downloads them, so anything that has a type. Of the other codings only what a browser
    /// loads and runs.
    /// </summary>
    /// <param name="path">The path of the file.</param>
    /// <param name="root">The folder that it is in.</param>
    /// <param name="types">The media types by extension.</param>
    /// <param name="inner">The path without the extension of the coding, whose type is that of the content.</param>
    /// <returns>The coding; identity: it is a file like any other.</returns>
    public static ContentCodings Read(ReadOnlySpan<byte> path, RootFolder root, MediaTypes types, out ReadOnlySpan<byte> inner)
    {
        inner = path;
        if (path.EndsWith(".svgz"u8))
        {
            return ContentCodings.Gzip;
        }

        ContentCodings coding = path.EndsWith(".br"u8) ? ContentCodings.Brotli
            : path.EndsWith(".gz"u8) ? ContentCodings.Gzip
            : path.EndsWith(".zst"u8) ? ContentCodings.Zstandard
            : ContentCodings.Identity;
        if (coding == ContentCodings.Identity)
        {
            return coding;
        }

        inner = path[..path.LastIndexOf((byte)'.')];
        if (IsRun(inner) || (coding == ContentCodings.Brotli && IsTyped(inner, types)) || (inner.EndsWith(".data"u8) && IsOfUnity(path, inner, root)))
        {
            return coding;
        }

        inner = path;
        return ContentCodings.Identity;
    }

    private static bool IsRun(ReadOnlySpan<byte> inner) =>
        inner.EndsWith(".js"u8) || inner.EndsWith(".mjs"u8) || inner.EndsWith(".wasm"u8) || inner.EndsWith(".symbols.json"u8);

    private static bool IsTyped(ReadOnlySpan<byte> inner, MediaTypes types) =>
        inner.EndsWith(".data"u8) || (!inner.EndsWith(".tar"u8) && types.TryFor(inner, out _));

    /// <summary>Whether beside <c>game.data.gz</c> there is <c>game.framework.js.gz</c>, so that it is no data set to be downloaded.</summary>
    private static bool IsOfUnity(ReadOnlySpan<byte> path, ReadOnlySpan<byte> inner, RootFolder root)
    {
        ReadOnlySpan<byte> framework = ".framework.js"u8;
        ReadOnlySpan<byte> game = inner[..^".data".Length];
        ReadOnlySpan<byte> extension = path[inner.Length..];
        int length = game.Length + framework.Length + extension.Length;
        if (length > RootFolder.LongestPath)
        {
            return false;
        }

        Span<byte> name = stackalloc byte[length];
        game.CopyTo(name);
        framework.CopyTo(name[game.Length..]);
        extension.CopyTo(name[(game.Length + framework.Length)..]);
        return root.Find(name, out FileEntry entry) == FileOutcome.Found && entry.Kind == FileKind.Regular;
    }
}
