using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AotServe.Sites.Access;

/// <summary>
/// SHA-256 (FIPS 180-4). The platform's own is OpenSSL's, which a static executable would load at run time. Where the machine
/// has no OpenSSL, in an empty container for example, the process would abort.
/// </summary>
internal static class Sha256
{
    /// <summary>The length of a hash in bytes.</summary>
    public const int HashLength = 32;

    /// <summary>The length of a block in bytes.</summary>
    public const int BlockLength = 64;

    /// <summary>The length of a block in words.</summary>
    public const int BlockWords = 16;

    /// <summary>The length of the state between blocks, which is the hash after the last one, in words.</summary>
    public const int StateWords = 8;

    private static readonly uint[] Initial =
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private static readonly uint[] RoundConstants =
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    /// <summary>Writes the hash of <paramref name="data"/>, <see cref="HashLength"/> bytes.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> destination)
    {
        Span<uint> state = stackalloc uint[StateWords];
        Begin(state);
        Finish(state, 0, data);
        WriteHash(state, destination);
    }

    /// <summary>Sets the state before the first block.</summary>
    public static void Begin(Span<uint> state) => Initial.CopyTo(state);

    /// <summary>
    /// Hashes the rest of a message and its padding. <paramref name="state"/> then is the hash.
    /// </summary>
    /// <param name="state">The state after the blocks before, updated.</param>
    /// <param name="before">How many bytes those were, a multiple of <see cref="BlockLength"/>.</param>
    /// <param name="data">The rest, of any length.</param>
    public static void Finish(Span<uint> state, long before, ReadOnlySpan<byte> data)
    {
        long bits = (before + data.Length) * 8;
        for (; data.Length >= BlockLength; data = data[BlockLength..])
        {
            Compress(state, data);
        }

        Span<byte> block = stackalloc byte[BlockLength];
        block.Clear();
        data.CopyTo(block);
        block[data.Length] = 0x80;
        if (data.Length >= BlockLength - sizeof(long))
        {
            Compress(state, block);
            block.Clear();
        }

        BinaryPrimitives.WriteInt64BigEndian(block[^sizeof(long)..], bits);
        Compress(state, block);
    }

    /// <summary>Hashes one block of <see cref="BlockLength"/> bytes.</summary>
    public static void Compress(Span<uint> state, ReadOnlySpan<byte> block)
    {
        Span<uint> words = stackalloc uint[BlockWords];
        for (int i = 0; i < BlockWords; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        Compress(state, words);
    }

    /// <summary>Hashes one block of <see cref="BlockWords"/> words.</summary>
    [SkipLocalsInit]
    public static void Compress(Span<uint> state, ReadOnlySpan<uint> block)
    {
        Span<uint> w = stackalloc uint[RoundConstants.Length];
        block.CopyTo(w);
        for (int i = BlockWords; i < w.Length; i++)
        {
            uint x = w[i - 15];
            uint y = w[i - 2];
            w[i] = w[i - 16] + w[i - 7]
                + (BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3))
                + (BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10));
        }

        uint a = state[0], b = state[1], c = state[2], d = state[3];
        uint e = state[4], f = state[5], g = state[6], h = state[7];
        uint[] k = RoundConstants;
        for (int i = 0; i < w.Length && i < k.Length; i++)
        {
            uint t = h + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25))
                + ((e & f) ^ (~e & g)) + k[i] + w[i];
            uint u = (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22))
                + ((a & b) ^ (a & c) ^ (b & c));
            h = g;
            g = f;
            f = e;
            e = d + t;
            d = c;
            c = b;
            b = a;
            a = t + u;
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    /// <summary>Writes the state after the last block as bytes.</summary>
    public static void WriteHash(ReadOnlySpan<uint> state, Span<byte> destination)
    {
        for (int i = 0; i < StateWords; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[(4 * i)..], state[i]);
        }
    }
}
