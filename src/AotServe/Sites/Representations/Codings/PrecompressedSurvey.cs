using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Files;

namespace AotServe.Sites.Representations.Codings;

/// <summary>Looks through a whole folder for precompressed files that would be passed over. For <c>aotserve check</c>.</summary>
/// <param name="root">The folder.</param>
/// <param name="mayBeListed">Whether a path may be served.</param>
/// <param name="report">Called with the path of each, and why it is passed over.</param>
internal sealed class PrecompressedSurvey(RootFolder root, PathFilter mayBeListed, PassedOver report)
{
    private const int MostNested = 16;

    // Folders that were looked through: a link may lead back to one.
    private readonly HashSet<ulong> _seen = [];
    private readonly Queue<byte[]> _folders = new();

    /// <summary>Looks through the folder and all beneath it.</summary>
    public void Run()
    {
        _folders.Enqueue([]);
        while (_folders.TryDequeue(out byte[]? folder))
        {
            using var entries = new FolderEntries(mayBeListed, FolderEntries.UsualLimit);
            if (root.ReadFolder(folder, entries) != FileOutcome.Found)
            {
                continue;
            }

            foreach (ref readonly FolderEntry entry in entries.All)
            {
                ReadOnlySpan<byte> name = entries.NameOf(entry);
                byte[] path = folder.Length == 0 ? name.ToArray() : [.. folder, (byte)'/', .. name];
                if (entry.IsFolder)
                {
                    AddFolder(path, entry.File);
                }
                else
                {
                    Look(path, entry.File);
                }
            }
        }
    }

    private void AddFolder(byte[] path, in FileEntry folder)
    {
        // Without an identity, folders cannot be told apart, and no link is followed for long.
        if (folder.Version != 0 ? _seen.Add(folder.Version) : path.AsSpan().Count((byte)'/') < MostNested)
        {
            _folders.Enqueue(path);
        }
    }

    private void Look(byte[] path, in FileEntry file)
    {
        foreach (string suffix in PrecompressedFiles.Suffixes)
        {
            int length = path.Length - suffix.Length;
            if (length > 0 && Ascii.Equals(path.AsSpan(length), suffix)
                && root.Find(path.AsSpan(0, length), out FileEntry original) == FileOutcome.Found && original.Kind == FileKind.Regular
                && SiblingReport.ReasonAgainst(FileOutcome.Found, file, original) is { } reason)
            {
                report(path, reason);
            }
        }
    }
}
