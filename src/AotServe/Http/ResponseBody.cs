using System;
using AotServe.Buffers;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Http;

/// <summary>
/// The part of a response's body that is not in the output: a sequence of parts in memory, in one file, or in both.
/// A mutable value with one owner, which keeps the file open and calls <see cref="Dispose"/> when the body has been sent or
/// abandoned. It may be moved, but not copied. The default value is the empty body.
/// </summary>
internal struct ResponseBody : IDisposable
{
    private IDisposable? _lease;
    private SharedBytes? _unkept;
    private ReadOnlyMemory<BodyPart> _later;

    /// <summary>A body of one part.</summary>
    /// <param name="file">The file of the part; null for bytes in memory.</param>
    /// <param name="lease">Keeps the file open until it is disposed; owned by the body.</param>
    /// <param name="part">The part.</param>
    public ResponseBody(SafeFileHandle? file, IDisposable? lease, BodyPart part) =>
        (File, _lease, Current) = (file, lease, part);

    /// <summary>A body of one part that is in memory. It does not keep the bytes until <see cref="TryKeep"/>.</summary>
    public ResponseBody(SharedBytes bytes, int first, int length)
    {
        _unkept = bytes;
        Current = BodyPart.OfBytes(bytes.Memory.Slice(first, length));
    }

    /// <summary>A body of several parts, which must not change until they are sent.</summary>
    /// <param name="file">The file of the parts that are ranges; null if all are in memory.</param>
    /// <param name="lease">Keeps the file open until it is disposed; owned by the body.</param>
    /// <param name="parts">The parts in their order.</param>
    /// <param name="ownMemory">See <see cref="OwnMemory"/>.</param>
    public ResponseBody(SafeFileHandle? file, IDisposable? lease, ReadOnlyMemory<BodyPart> parts, int ownMemory = 0)
    {
        File = file;
        OwnMemory = ownMemory;
        _lease = lease;
        _later = parts;
        Advance(0);
    }

    /// <summary>The file that parts are ranges of; null if there is none.</summary>
    public SafeFileHandle? File { get; private set; }

    /// <summary>The rest of the part that is sent next. Empty only if the body is.</summary>
    public BodyPart Current { get; private set; }

    /// <summary>
    /// How many bytes of memory are only for this body. They are charged to a budget by whoever keeps the body beyond a turn.
    /// </summary>
    public int OwnMemory { get; private set; }

    /// <summary>Whether nothing is left to send.</summary>
    public readonly bool IsEmpty => Current.Length == 0;

    /// <summary>The number of bytes left.</summary>
    public readonly long Length
    {
        get
        {
            long length = Current.Length;
            foreach (BodyPart part in _later.Span)
            {
                length += part.Length;
            }

            return length;
        }
    }

    /// <summary>Removes the first <paramref name="count"/> bytes; <see cref="Current"/> must have that many.</summary>
    public void Advance(long count)
    {
        Current = Current.Skip(count);
        while (Current.Length == 0 && !_later.IsEmpty)
        {
            Current = _later.Span[0];
            _later = _later[1..];
        }
    }

    /// <summary>Removes the first <paramref name="count"/> bytes of the body, which must have that many.</summary>
    public void Skip(long count)
    {
        while (count > 0)
        {
            long step = Math.Min(count, Current.Length);
            Advance(step);
            count -= step;
        }
    }

    /// <summary>
    /// Called before the body is kept beyond a turn. False: it may not be, since too many bytes are kept already.
    /// </summary>
    public bool TryKeep()
    {
        if (_unkept is null)
        {
            return true;
        }

        if (!_unkept.TryKeep())
        {
            return false;
        }

        (_lease, _unkept) = (_unkept, null);
        return true;
    }

    /// <summary>Releases what the body holds and makes it empty.</summary>
    public void Dispose()
    {
        _lease?.Dispose();
        _unkept?.Return();
        this = default;
    }
}
