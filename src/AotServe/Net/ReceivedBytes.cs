using System;
using AotServe.Buffers;

namespace AotServe.Net;

/// <summary>
/// The bytes that a connection has received and not yet used. During a turn they are in the worker's buffer; between turns
/// what is left of them is in a rented one, and where nothing is left there is none. A field of its connection, for the
/// connection's owner.
/// </summary>
internal struct ReceivedBytes
{
    private byte[]? _buffer;
    private bool _isRented;

    /// <summary>Where the bytes are; empty where there are none and no turn is under way.</summary>
    public readonly byte[] Buffer => _buffer ?? [];

    /// <summary>The index of the first byte that is not used.</summary>
    public int Start { get; private set; }

    /// <summary>The index behind the last byte.</summary>
    public int End { get; private set; }

    /// <summary>Whether there is no byte that is not used.</summary>
    public readonly bool IsEmpty => Start == End;

    /// <summary>The bytes that are not used.</summary>
    public readonly ReadOnlySpan<byte> Unused => _buffer.AsSpan(Start, End - Start);

    /// <summary>
    /// Whether there are bytes that the parser has not seen. A whole request may be among them. False again once the parser
    /// has asked for more.
    /// </summary>
    public bool HasUnparsed { get; private set; }

    /// <summary>
    /// Whether the kernel may hold more than was read: the last read filled the buffer, or the client has ended its side.
    /// A read that gave less than there was room for took all there was, and more is a new event (epoll(7)).
    /// </summary>
    public bool MayBeMoreInKernel { get; private set; }

    /// <summary>Begins a turn: moves what was kept into the worker's buffer, which has room for it.</summary>
    public void MoveTo(byte[] workerBuffer, BufferBudget buffers)
    {
        int length = End - Start;
        if (length > 0)
        {
            Unused.CopyTo(workerBuffer);
        }

        Release(buffers);
        _buffer = workerBuffer;
        End = length;
    }

    /// <summary>
    /// Ends a turn: moves what is left into a rented buffer. False: there are no buffers left; everything stays where it is
    /// until the turn is over.
    /// </summary>
    public bool TryKeep(BufferBudget buffers)
    {
        int length = End - Start;
        if (length == 0)
        {
            Forget();
            return true;
        }

        if (_isRented)
        {
            return true;
        }

        byte[]? kept = buffers.TryRent(length);
        if (kept is null)
        {
            return false;
        }

        Unused.CopyTo(kept);
        _buffer = kept;
        _isRented = true;
        Start = 0;
        End = length;
        return true;
    }

    /// <summary>Room for more bytes behind those that are there, which move to the front of the buffer.</summary>
    public Span<byte> MakeRoom()
    {
        if (Start > 0)
        {
            Unused.CopyTo(_buffer);
            End -= Start;
            Start = 0;
        }

        return _buffer.AsSpan(End);
    }

    /// <summary>Takes in the result of a read into <see cref="MakeRoom"/>.</summary>
    /// <param name="count">How many bytes were read, at least one.</param>
    /// <param name="mayBeMore">Whether the kernel may hold more of them.</param>
    public void Add(int count, bool mayBeMore)
    {
        End += count;
        HasUnparsed = true;
        MayBeMoreInKernel = mayBeMore;
    }

    /// <summary>Notes that a read found nothing.</summary>
    public void NoteKernelEmpty() => MayBeMoreInKernel = false;

    /// <summary>Uses up the first <paramref name="count"/> bytes, of which there are that many.</summary>
    public void Use(int count)
    {
        Start += count;
        HasUnparsed = Start < End;
    }

    /// <summary>Takes back <see cref="Use"/>: the bytes from <paramref name="start"/> on, which are still there, are not used.</summary>
    public void Unuse(int start)
    {
        Start = start;
        HasUnparsed = true;
    }

    /// <summary>Notes that the parser has seen everything and needs more.</summary>
    public void NoteIncomplete() => HasUnparsed = false;

    /// <summary>Gives the rented buffer back, if there is one, and forgets all bytes.</summary>
    public void Release(BufferBudget buffers)
    {
        if (_isRented)
        {
            buffers.Return(_buffer!);
        }

        Forget();
    }

    private void Forget()
    {
        _buffer = null;
        _isRented = false;
        Start = End = 0;
    }
}
