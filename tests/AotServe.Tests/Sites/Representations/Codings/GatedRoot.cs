using System;
using System.Collections.Concurrent;
using System.Text;
using System.Threading;
using AotServe.Files;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Tests.Sites.Representations.Codings;

/// <summary>A root folder whose files cannot be opened before <see cref="Open"/>, and that notes which were.</summary>
internal sealed class GatedRoot(RootFolder root) : RootFolder
{
    private readonly ManualResetEventSlim _gate = new();

    /// <summary>The paths that were opened, in their order.</summary>
    public ConcurrentQueue<string> Opened { get; } = new();

    /// <summary>Is run when a file was found after it had been opened.</summary>
    public Action? OnFind { get; set; }

    public void Open() => _gate.Set();

    public override FileOutcome Find(ReadOnlySpan<byte> path, out FileEntry entry)
    {
        OnFind?.Invoke();
        return root.Find(path, out entry);
    }

    public override FileOutcome OpenFile(ReadOnlySpan<byte> path, out FileEntry entry, out SafeFileHandle? file)
    {
        Opened.Enqueue(Encoding.UTF8.GetString(path));
        _gate.Wait();
        return root.OpenFile(path, out entry, out file);
    }

    public override FileOutcome ReadFolder(ReadOnlySpan<byte> path, FolderEntries entries) =>
        root.ReadFolder(path, entries);

    public override void Dispose()
    {
        _gate.Dispose();
        root.Dispose();
    }
}
