using System;
using System.Runtime.CompilerServices;
using AotServe.Buffers;

namespace AotServe.Files;

/// <summary>
/// The entries of a folder, filled by <see cref="RootFolder.ReadFolder"/>: names of any bytes, and what the file system says
/// about each. For one thread.
/// </summary>
/// <param name="mayBeListed">Whether the file at a path may appear. Asked before the file itself is looked at.</param>
/// <param name="limit">How many names are looked at; the rest is left out.</param>
/// <param name="buffers">What its memory is charged to until it is disposed of; null: nothing is charged.</param>
/// <param name="isAllOrNone">Whether the entries are of no use if there are more names than the limit.</param>
internal sealed class FolderEntries(PathFilter mayBeListed, int limit, BufferBudget? buffers = null, bool isAllOrNone = false)
    : IDisposable
{
    /// <summary>The limit for listings, so that a huge folder takes a bounded amount of memory and time.</summary>
    public const int UsualLimit = 50_000;

    private FolderEntry[] _entries = new FolderEntry[32];
    private byte[] _names = new byte[1024];
    private int _namesLength;
    private int _namesSeen;
    private long _charged;

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the folder has more names than the limit.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Whether the budget did not allow all entries.</summary>
    public bool IsOverBudget { get; private set; }

    /// <summary>Paths that may not appear either; null: there are none. Set by <see cref="HidingRootFolder"/>.</summary>
    public PathFilter? IsHidden { get; set; }

    /// <summary>The entries, to be read and sorted.</summary>
    public Span<FolderEntry> All => _entries.AsSpan(0, Count);

    /// <summary>The bytes of an entry's name.</summary>
    public ReadOnlySpan<byte> NameOf(in FolderEntry entry) => _names.AsSpan(entry.NameStart, entry.NameLength);

    /// <summary>
    /// Counts a name that is about to be looked at. False from the name after the limit on, and where the budget is used up.
    /// </summary>
    public bool TryCountName()
    {
        IsTruncated |= _namesSeen == limit;
        _namesSeen++;
        return !IsTruncated && !IsOverBudget;
    }

    /// <summary>Whether the entries are of no use if there are more names than the limit, so that none need be added.</summary>
    public bool IsAllOrNone => isAllOrNone;

    /// <summary>Whether so many names that are to be looked at next are more than the limit.</summary>
    public bool IsExceededBy(int names)
    {
        IsTruncated |= _namesSeen + names > limit;
        return IsTruncated;
    }

    /// <summary>Whether the file at <paramref name="path"/> beneath the root may appear.</summary>
    public bool MayBeListed(ReadOnlySpan<byte> path) => IsHidden?.Invoke(path) != true && mayBeListed(path);

    /// <summary>Adds a file or a folder that may be read.</summary>
    public void Add(ReadOnlySpan<byte> name, in FileEntry file)
    {
        if (Count == _entries.Length)
        {
            if (!TryCharge((long)Count * Unsafe.SizeOf<FolderEntry>()))
            {
                return;
            }

            Array.Resize(ref _entries, Count * 2);
        }

        if (_names.Length - _namesLength < name.Length)
        {
            int length = Math.Max(_names.Length * 2, _namesLength + name.Length);
            if (!TryCharge(length - _names.Length))
            {
                return;
            }

            Array.Resize(ref _names, length);
        }

        name.CopyTo(_names.AsSpan(_namesLength));
        _entries[Count++] = new FolderEntry(_namesLength, name.Length, file);
        _namesLength += name.Length;
    }

    /// <summary>Gives back what was charged.</summary>
    public void Dispose()
    {
        buffers?.Release(_charged);
        _charged = 0;
    }

    private bool TryCharge(long bytes)
    {
        IsOverBudget = buffers?.TryReserve(bytes) == false;
        _charged += IsOverBudget ? 0 : bytes;
        return !IsOverBudget;
    }
}
