using System;
using System.Security.Cryptography;
using System.Threading;

namespace AotServe.Sites.Access;

/// <summary>
/// A cache of credentials that were verified, so that not every request costs a password hash. SECURITY: it holds no credentials,
/// but their HMAC under a random key that never leaves the process. The table has a fixed size; entries expire when they are
/// not used. Any thread may call, without a lock.
/// </summary>
internal sealed class VerifiedCredentials
{
    /// <summary>How long an entry is valid after its last use, milliseconds.</summary>
    public const long Lifetime = 30 * 60 * 1000;

    /// <summary>
    /// The time of the last use is written no oftener than this, milliseconds, so that threads do not contend for the cache line.
    /// </summary>
    private const long UseResolution = 60 * 1000;

    private const int Ways = 4;
    private const int Sets = 256;

    private readonly Entry?[] _entries = new Entry?[Sets * Ways];

    /// <summary>Whether the credentials were added, and the entry has neither expired nor been evicted.</summary>
    /// <param name="code">The HMAC of the credentials.</param>
    /// <param name="now">A time in milliseconds that only ever grows.</param>
    public bool Contains(ReadOnlySpan<byte> code, long now)
    {
        bool found = false;
        foreach (ref Entry? slot in SetOf(code))
        {
            if (Volatile.Read(ref slot) is not { } entry || now - entry.LastUsed > Lifetime
                || !CryptographicOperations.FixedTimeEquals(entry.Code, code))
            {
                continue;
            }

            if (now - entry.LastUsed > UseResolution)
            {
                entry.LastUsed = now;
            }

            found = true;
        }

        return found;
    }

    /// <summary>Adds credentials. If their set is full, the entry that was unused for longest is evicted.</summary>
    public void Add(ReadOnlySpan<byte> code, long now)
    {
        Span<Entry?> set = SetOf(code);
        int oldest = 0;
        for (int i = 0; i < set.Length; i++)
        {
            Entry? entry = Volatile.Read(ref set[i]);
            if (entry is null || entry.Code.AsSpan().SequenceEqual(code))
            {
                oldest = i;
                break;
            }

            if (entry.LastUsed < (Volatile.Read(ref set[oldest])?.LastUsed ?? long.MinValue))
            {
                oldest = i;
            }
        }

        Volatile.Write(ref set[oldest], new Entry(code.ToArray(), now));
    }

    private Span<Entry?> SetOf(ReadOnlySpan<byte> code) => _entries.AsSpan(code[0] * Ways, Ways);

    private sealed class Entry(byte[] code, long now)
    {
        private long _lastUsed = now;

        public byte[] Code { get; } = code;

        public long LastUsed
        {
            get => Volatile.Read(ref _lastUsed);
            set => Volatile.Write(ref _lastUsed, value);
        }
    }
}
