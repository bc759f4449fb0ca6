using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using AotServe.Native;

namespace AotServe.Tls;

/// <summary>
/// The keys of session tickets: one for new tickets, made anew every day, and the one before, whose tickets are still taken. A
/// server that replaces this one goes on with them. Any thread may call.
/// </summary>
internal sealed class TicketKeys
{
    /// <summary>The longest text of <see cref="Write"/>, bytes.</summary>
    public const int LongestHandover = sizeof(long) + (2 * SslTicketKey.Length);

    /// <summary>How long a key makes tickets, ms. A ticket is taken for a day, so a key is needed for two.</summary>
    private const long Lifetime = 24 * 60 * 60 * 1000;

    private volatile Pair _keys;

    /// <summary>Makes a key.</summary>
    /// <param name="now">The time, as <see cref="Environment.TickCount64"/>.</param>
    public TicketKeys(long now) => _keys = new Pair(SslTicketKey.Create(), null, now);

    private TicketKeys(Pair keys) => _keys = keys;

    /// <summary>The key for new tickets.</summary>
    public SslTicketKey Newest => _keys.Newest;

    /// <summary>The key of that name; null: it is not known.</summary>
    public SslTicketKey? Find(ReadOnlySpan<byte> name)
    {
        Pair keys = _keys;
        return keys.Newest.IsNamed(name) ? keys.Newest : keys.Previous is { } previous && previous.IsNamed(name) ? previous : null;
    }

    /// <summary>Makes a new key once the newest is a day old. Called by one thread at a time.</summary>
    public void Rotate(long now)
    {
        Pair keys = _keys;
        if (now - keys.Since >= Lifetime)
        {
            bool isUseful = now - keys.Since < 2 * Lifetime;
            _keys = new Pair(SslTicketKey.Create(), isUseful ? keys.Newest : null, now);
        }
    }

    /// <summary>Writes the keys, for the server that replaces this one and nobody else.</summary>
    /// <param name="now">The time, as <see cref="Environment.TickCount64"/>.</param>
    /// <param name="bytes">Room for <see cref="LongestHandover"/>.</param>
    /// <returns>How many bytes were written.</returns>
    public int Write(long now, Span<byte> bytes)
    {
        Pair keys = _keys;
        BinaryPrimitives.WriteInt64LittleEndian(bytes, now - keys.Since);
        keys.Newest.Secret.CopyTo(bytes[sizeof(long)..]);
        keys.Previous?.Secret.CopyTo(bytes[(sizeof(long) + SslTicketKey.Length)..]);
        return sizeof(long) + (SslTicketKey.Length * (keys.Previous is null ? 1 : 2));
    }

    /// <summary>Reads what <see cref="Write"/> wrote in the server that is replaced. False: it is something else.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long now, [NotNullWhen(true)] out TicketKeys? keys)
    {
        const int One = sizeof(long) + SslTicketKey.Length;
        keys = null;
        if (bytes.Length is not (One or LongestHandover) || BinaryPrimitives.ReadInt64LittleEndian(bytes) is not (>= 0 and var age))
        {
            return false;
        }

        var newest = new SslTicketKey(bytes[sizeof(long)..One]);
        keys = new TicketKeys(new Pair(newest, bytes.Length == One ? null : new SslTicketKey(bytes[One..]), now - age));
        return true;
    }

    private sealed class Pair(SslTicketKey newest, SslTicketKey? previous, long since)
    {
        public SslTicketKey Newest => newest;

        public SslTicketKey? Previous => previous;

        /// <summary>When the newest was made, as <see cref="Environment.TickCount64"/>.</summary>
        public long Since => since;
    }
}
