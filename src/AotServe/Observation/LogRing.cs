using System;
using System.Threading;

namespace AotServe.Observation;

/// <summary>
/// The lines of one thread that are not written yet: a bounded ring of bytes. That thread adds whole lines, one other thread takes them; neither
/// waits for the other.
/// </summary>
internal sealed class LogRing
{
    /// <summary>Bytes for lines. Own choice: some 4,000 usual lines, which the fastest worker adds in some 80 ms.</summary>
    public const int Size = 512 * 1024;

    // Where it is does not change: its bytes are written to the file from here.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

    // Counts of all bytes ever added and taken. Each is written by one thread only.
    private long _added;
    private long _taken;
    private long _lines;
    private long _dropped;

    /// <summary>How many lines were added. Written by the thread that adds.</summary>
    public long Lines => Volatile.Read(ref _lines);

    /// <summary>How many lines found no room.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>How many bytes there are to take.</summary>
    public long Length => Volatile.Read(ref _added) - Volatile.Read(ref _taken);

    /// <summary>Whether it is to be written before it is full: a quarter of it is.</summary>
    public bool IsUrgent => Length > Size / 4;

    /// <summary>Adds a line, or counts it as dropped. Called by the thread that adds.</summary>
    public bool Add(ReadOnlySpan<byte> line)
    {
        long added = _added;
        if (line.Length > Size - (added - Volatile.Read(ref _taken)))
        {
            Drop();
            return false;
        }

        int at = (int)(added % Size);
        int first = Math.Min(line.Length, Size - at);
        line[..first].CopyTo(_bytes.AsSpan(at));
        line[first..].CopyTo(_bytes);
        Volatile.Write(ref _lines, _lines + 1);
        Volatile.Write(ref _added, added + line.Length);
        return true;
    }

    /// <summary>Counts a line that could not be made. Called by the thread that adds.</summary>
    public void Drop() => Volatile.Write(ref _dropped, _dropped + 1);

    /// <summary>
    /// The oldest bytes, as far as they lie together: whole lines, but for the one that the end of the ring cuts. Called by the thread that takes.
    /// </summary>
    public ReadOnlySpan<byte> Oldest()
    {
        int at = (int)(_taken % Size);
        return _bytes.AsSpan(at, (int)Math.Min(Volatile.Read(ref _added) - _taken, Size - at));
    }

    /// <summary>The oldest bytes, all of them: whole lines. Called by the thread that takes.</summary>
    /// <param name="rest">What follows from the beginning of the ring on, where its end cuts them.</param>
    public ReadOnlySpan<byte> Oldest(out ReadOnlySpan<byte> rest)
    {
        int at = (int)(_taken % Size);
        int length = (int)(Volatile.Read(ref _added) - _taken);
        int first = Math.Min(length, Size - at);
        rest = _bytes.AsSpan(0, length - first);
        return _bytes.AsSpan(at, first);
    }

    /// <summary>The oldest bytes are written. Called by the thread that takes.</summary>
    public void Take(int count) => Volatile.Write(ref _taken, _taken + count);
}
