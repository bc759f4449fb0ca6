using System;

namespace AotServe.Files;

/// <summary>
/// What a folder holds, gathered by <see cref="RootFolder.ReadFolder"/>: names of any bytes, and what the file system
/// says about each. For one thread.
/// </summary>
/// <param name="maySee">
/// Whether the file at a path beneath the root may be known to exist. Asked before the file itself is looked at.
/// </param>
/// <param name="limit">How many names are looked at before the rest is left out.</param>
internal sealed class FolderEntries(FolderEntries.PathFilter maySee, int limit)
{
    /// <summary>An upper bound for the names of one folder, which keeps a huge one from taking memory and time.</summary>
    public const int UsualLimit = 50_000;

    private FolderEntry[] _entries = new FolderEntry[32];
    private byte[] _names = new byte[1024];
    private int _namesLength;
    private int _looked;

    /// <summary>Decides on a path beneath the root, in the form that <see cref="RootFolder"/> takes.</summary>
    public delegate bool PathFilter(ReadOnlySpan<byte> path);

    /// <summary>How many entries there are.</summary>
    public int Count { get; private set; }

    /// <summary>Whether the folder has more names than were looked at.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Names that may not be known to exist either; null: there are none. Set by a folder that hides some.</summary>
    public HiddenNames? Hidden { get; set; }

    /// <summary>The entries, to be read and sorted.</summary>
    public Span<FolderEntry> All => _entries.AsSpan(0, Count);

    /// <summary>The bytes of an entry's name.</summary>
    public ReadOnlySpan<byte> NameOf(in FolderEntry entry) => _names.AsSpan(entry.NameStart, entry.NameLength);

    /// <summary>Whether one more name may be looked at; false says for good that there were too many.</summary>
    public bool MayGoOn()
    {
        IsCutShort |= _looked == limit;
        _looked++;
        return !IsCutShort;
    }

    /// <summary>Whether the file at <paramref name="path"/> beneath the root may be known to exist.</summary>
    public bool MaySee(ReadOnlySpan<byte> path) => Hidden?.Contains(path) != true && maySee(path);

    /// <summary>Adds a file or a folder that may be read.</summary>
    public void Add(ReadOnlySpan<byte> name, in FileEntry file)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
        }

        if (_names.Length - _namesLength < name.Length)
        {
            Array.Resize(ref _names, Math.Max(_names.Length * 2, _namesLength + name.Length));
        }

        name.CopyTo(_names.AsSpan(_namesLength));
        _entries[Count++] = new FolderEntry(_namesLength, name.Length, file);
        _namesLength += name.Length;
    }
}
