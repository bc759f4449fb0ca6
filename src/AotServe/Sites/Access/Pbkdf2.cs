using System;
using System.Buffers.Binary;
using System.Threading;

namespace AotServe.Sites.Access;

/// <summary>
/// PBKDF2 (RFC 8018 §5.2) with HMAC-SHA-256, for keys of one hash's length. It is slow by design: about a third of a second
/// for 600,000 iterations.
/// </summary>
internal static class Pbkdf2
{
    /// <summary>The longest salt in bytes.</summary>
    public const int LongestSalt = 64;

    private const int IterationsBetweenLooks = 4096;

    /// <summary>Writes the key, <see cref="Sha256.HashLength"/> bytes.</summary>
    /// <param name="password">Of any length.</param>
    /// <param name="salt">At most <see cref="LongestSalt"/> bytes.</param>
    /// <param name="iterations">1 or more.</param>
    /// <param name="cancellation">Looked at every few milliseconds.</param>
    /// <param name="destination">At least <see cref="Sha256.HashLength"/> bytes.</param>
    /// <returns>False: it was cancelled, and there is no key.</returns>
    public static bool TryDeriveKey(
        ReadOnlySpan<byte> password,
        ReadOnlySpan<byte> salt,
        int iterations,
        CancellationToken cancellation,
        Span<byte> destination)
    {
        var hmac = new HmacSha256(password);
        Span<byte> first = stackalloc byte[LongestSalt + sizeof(int)];
        salt.CopyTo(first);
        BinaryPrimitives.WriteInt32BigEndian(first[salt.Length..], 1);
        hmac.Hash(first[..(salt.Length + sizeof(int))], destination);

        // A hash is always followed by the same padding, so it can stay in words from one iteration to the next.
        Span<uint> block = stackalloc uint[Sha256.BlockWords];
        block.Clear();
        block[Sha256.StateWords] = 0x80000000;
        block[^1] = (Sha256.BlockLength + Sha256.HashLength) * 8;
        Span<uint> hash = block[..Sha256.StateWords];
        Span<uint> key = stackalloc uint[Sha256.StateWords];
        Span<uint> state = stackalloc uint[Sha256.StateWords];
        for (int i = 0; i < hash.Length; i++)
        {
            key[i] = hash[i] = BinaryPrimitives.ReadUInt32BigEndian(destination[(4 * i)..]);
        }

        for (int iteration = 1; iteration < iterations; iteration++)
        {
            hmac.Inner.CopyTo(state);
            Sha256.Compress(state, block);
            state.CopyTo(hash);
            hmac.Outer.CopyTo(state);
            Sha256.Compress(state, block);
            state.CopyTo(hash);
            for (int i = 0; i < key.Length; i++)
            {
                key[i] ^= hash[i];
            }

            if (iteration % IterationsBetweenLooks == 0 && cancellation.IsCancellationRequested)
            {
                return false;
            }
        }

        Sha256.WriteHash(key, destination);
        return true;
    }
}
