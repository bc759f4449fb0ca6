using System;

namespace AotServe.Tls;

/// <summary>
/// Where a worker gathers the records of the session that it is inside of, until they leave in one send; and where it reads files
/// into that are to be encrypted. Belongs to the thread, so an idle session holds none.
/// </summary>
internal sealed class TlsOutput
{
    /// <summary>How many bytes of plain text are encrypted before they are sent: four records of the greatest length (RFC 8446 §5.1).</summary>
    public const int Gathered = 4 * RecordLength;

    /// <summary>The greatest length of a record's plain text, bytes.</summary>
    public const int RecordLength = 16 * 1024;

    /// <summary>Room for what surrounds the plain text of four records, and for an alert.</summary>
    private const int Surroundings = 4 * 1024;

    [ThreadStatic]
    private static TlsOutput? _current;

    private byte[] _records = GC.AllocateUninitializedArray<byte>(Gathered + Surroundings);
    private byte[]? _plain;
    private int _length;
    private object? _owner;

    private TlsOutput()
    {
    }

    /// <summary>This thread's own.</summary>
    public static TlsOutput Current => _current ??= new TlsOutput();

    /// <summary>The records that are to be sent.</summary>
    public ReadOnlySpan<byte> Records => _records.AsSpan(0, _length);

    /// <summary>Room for a part of a file.</summary>
    public Span<byte> Plain => _plain ??= GC.AllocateUninitializedArray<byte>(Gathered);

    /// <summary>Whether there are records, and whose they are.</summary>
    /// <param name="session">Whose they would be.</param>
    public bool IsOf(object session) => _length > 0 && _owner == session;

    /// <summary>Adds to the records.</summary>
    /// <param name="bytes">The record, or a part of it.</param>
    /// <param name="session">Whose it is. What is there of another one's is for nobody any more.</param>
    public void Add(ReadOnlySpan<byte> bytes, object session)
    {
        if (_owner != session)
        {
            _owner = session;
            _length = 0;
        }

        if (_records.Length - _length < bytes.Length)
        {
            Array.Resize(ref _records, _length + bytes.Length); // A long chain of certificates.
        }

        bytes.CopyTo(_records.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Forgets the records: they were sent, kept elsewhere, or are for nobody.</summary>
    public void Clear()
    {
        _length = 0;
        _owner = null;
    }
}
