using System;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Http;

/// <summary>
/// The bytes of an answer that follow what is in the output: parts in their order, of one file, of memory, or of both.
/// A mutable value that is moved, never shared: whoever has it keeps the file open, and calls
/// <see cref="Dispose"/> once it is sent or given up. The default value is the empty body.
/// </summary>
internal struct ResponseBody : IDisposable
{
    private readonly IDisposable? _hold;
    private ReadOnlyMemory<BodyPart> _later;

    /// <summary>A body of one part.</summary>
    /// <param name="file">The file that it is of; null for bytes in memory.</param>
    /// <param name="hold">What keeps the file open until it is disposed of; owned from here on.</param>
    /// <param name="part">The part.</param>
    public ResponseBody(SafeFileHandle? file, IDisposable? hold, BodyPart part) =>
        (File, _hold, Current) = (file, hold, part);

    /// <summary>A body of several parts, which must not change until they are sent.</summary>
    /// <param name="file">The file that ranges among them are of; null where all is in memory.</param>
    /// <param name="hold">What keeps the file open until it is disposed of; owned from here on.</param>
    /// <param name="parts">The parts in their order.</param>
    public ResponseBody(SafeFileHandle? file, IDisposable? hold, ReadOnlyMemory<BodyPart> parts)
    {
        File = file;
        _hold = hold;
        _later = parts;
        Advance(0);
    }

    /// <summary>The file that ranges are of, or null.</summary>
    public SafeFileHandle? File { get; private set; }

    /// <summary>What is to be sent next, never empty unless the body is.</summary>
    public BodyPart Current { get; private set; }

    /// <summary>Whether nothing is left to send.</summary>
    public readonly bool IsEmpty => Current.Length == 0;

    /// <summary>How many bytes are left.</summary>
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

    /// <summary>Leaves out the first <paramref name="count"/> bytes of <see cref="Current"/>, which has that many.</summary>
    public void Advance(long count)
    {
        Current = Current.Skip(count);
        while (Current.Length == 0 && !_later.IsEmpty)
        {
            Current = _later.Span[0];
            _later = _later[1..];
        }
    }

    /// <summary>Leaves out the first <paramref name="count"/> bytes, of whichever parts; there are that many.</summary>
    public void Skip(long count)
    {
        while (count > 0)
        {
            long step = Math.Min(count, Current.Length);
            Advance(step);
            count -= step;
        }
    }

    /// <summary>Gives up the file; the body is empty afterwards.</summary>
    public void Dispose()
    {
        _hold?.Dispose();
        this = default;
    }
}
