using System;
using System.Numerics;
using AotServe.Buffers;

namespace AotServe.Files;

/// <summary>
/// The file that a thread found last, with its content where that was read on the occasion: what is asked for next is mostly that. So a
/// file that is not cached is described and read in one go, into memory that the thread uses again and again. For the thread alone.
/// </summary>
internal sealed class ReadAhead
{
    private const int LeastRoom = 4096;

    [ThreadStatic]
    private static ReadAhead? _current;

    private byte[] _path = new byte[256];
    private int _pathLength;
    private RootFolder? _folder;
    private FileEntry _entry;
    private SharedBytes? _content;
    private bool _hasContent;
    private long _notedAt;

    /// <summary>The calling thread's own.</summary>
    public static ReadAhead Current => _current ??= new ReadAhead();

    /// <summary>Room for the content of a file, which has to be noted by <see cref="Note"/>. What was noted before is forgotten.</summary>
    /// <param name="length">How much at least, bytes.</param>
    /// <param name="buffers">What the content is charged to where a response keeps it.</param>
    public Span<byte> Reserve(int length, BufferBudget buffers)
    {
        _folder = null;
        _hasContent = false;
        if (_content is null || _content.Room.Length < length || !_content.IsReusable)
        {
            // The first time, or a response still has it.
            int size = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, LeastRoom));
            _content = SharedBytes.OfRoom(GC.AllocateUninitializedArray<byte>(size), buffers);
        }

        return _content.Room;
    }

    /// <summary>Notes what was found.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="path">The path.</param>
    /// <param name="entry">What it is.</param>
    /// <param name="length">How many bytes of content are in the room; −1: the content was not read.</param>
    /// <param name="now">The time, ms.</param>
    public void Note(RootFolder folder, ReadOnlySpan<byte> path, in FileEntry entry, int length, long now)
    {
        if (path.Length > _path.Length)
        {
            _path = new byte[RootFolder.LongestPath];
        }

        path.CopyTo(_path);
        _pathLength = path.Length;
        _folder = folder;
        _entry = entry;
        _notedAt = now;
        _hasContent = length >= 0;
        if (_hasContent)
        {
            _content!.Refill(length);
        }
    }

    /// <summary>Whether that file was noted last, at the time <paramref name="since"/> or later; gives its description.</summary>
    public bool IsFor(RootFolder folder, ReadOnlySpan<byte> path, long since, out FileEntry entry)
    {
        entry = _entry;
        return _folder == folder && _notedAt >= since && path.SequenceEqual(_path.AsSpan(0, _pathLength));
    }

    /// <summary>Whether its content was read too, and nobody was given it yet.</summary>
    public bool HasContent => _hasContent;

    /// <summary>The content, to look at.</summary>
    public ReadOnlySpan<byte> Content => _content!.Memory.Span;

    /// <summary>Gives the content away: the memory is not used again until it is given back (<see cref="SharedBytes.Return"/>).</summary>
    public SharedBytes Lend()
    {
        _folder = null;
        _hasContent = false;
        _content!.Lend();
        return _content;
    }
}
