using System;
using System.Security.Cryptography;
using System.Threading;

namespace AotServe.Sites.Access;

/// <summary>
/// Remembers which credentials were found right, so that not each request pays for the hash. SECURITY: it holds codes of
/// them under a key that is made up at start and never leaves the process, not the credentials. Bounded; what was not
/// used for a time is forgotten. Any thread may call, without a lock.
/// </summary>
internal sealed class VerifiedCredentials
{
    /// <summary>How long credentials are remembered after they were last used, milliseconds.</summary>
    public const long Lifetime = 30 * 60 * 1000;

    /// <summary>Uses are noted this roughly, so that threads do not fight for the memory it is noted in.</summary>
    private const long Grain = 60 * 1000;

    private const int Ways = 4;
    private const int Sets = 256;

    private readonly Entry?[] _entries = new Entry?[Sets * Ways];

    /// <summary>Whether they were added and not forgotten since.</summary>
    /// <param name="code">The code of the credentials.</param>
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

            if (now - entry.LastUsed > Grain)
            {
                entry.LastUsed = now;
            }

            found = true;
        }

        return found;
    }

    /// <summary>Remembers credentials, in place of the ones that were unused for longest where there is no room.</summary>
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
