using System;
using System.Buffers.Binary;
using System.Threading;

namespace AotServe.Sites.Access;

/// <summary>
/// bcrypt (Provos and Mazières 1999), as htpasswd -B, Caddy and static-web-server write it: Blowfish with a key schedule that is made
/// expensive. One instance hashes one password. For one thread.
/// </summary>
internal sealed class Bcrypt
{
    /// <summary>The length of a salt, bytes.</summary>
    public const int SaltLength = 16;

    /// <summary>The length of a hash, bytes: one less than three blocks, by an old mistake that all keep to.</summary>
    public const int HashLength = 23;

    /// <summary>What of a password counts, bytes, with the NUL that ends it.</summary>
    private const int LongestKey = 72;

    private const int PermutationLength = 18;
    private const int BoxLength = 256;
    private const int LastRounds = 64;

    /// <summary>How many rounds are done between two looks at a cancellation.</summary>
    private const int Slice = 32;

    private readonly uint[] _permutation = PiDigits.Words[..PermutationLength].ToArray();
    private readonly uint[] _boxes = PiDigits.Words[PermutationLength..].ToArray();
    private readonly byte[] _key;

    private Bcrypt(ReadOnlySpan<byte> password)
    {
        _key = new byte[Math.Min(password.Length + 1, LongestKey)];
        password[..Math.Min(password.Length, LongestKey)].CopyTo(_key);
    }

    private static ReadOnlySpan<byte> Text => "OrpheanBeholderScryDoubt"u8;

    /// <summary>Hashes a password.</summary>
    /// <param name="password">The password. What is behind its 72nd byte does not count.</param>
    /// <param name="salt"><see cref="SaltLength"/> bytes.</param>
    /// <param name="rounds">2 to the power of the cost.</param>
    /// <param name="atLeast">How many rounds are done; those beyond <paramref name="rounds"/> only take their time.</param>
    /// <param name="cancellation">Cancels it.</param>
    /// <param name="hash">Gets <see cref="HashLength"/> bytes.</param>
    /// <returns>False: it was cancelled.</returns>
    public static bool TryHash(
        ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, long rounds, long atLeast, CancellationToken cancellation, Span<byte> hash)
    {
        var state = new Bcrypt(password);
        try
        {
            state.Expand(state._key, salt);
            if (!state.TryRepeat(salt, rounds, cancellation))
            {
                return false;
            }

            state.Finish(hash);
            return state.TryRepeat(salt, atLeast - rounds, cancellation);
        }
        finally
        {
            Array.Clear(state._key);
        }
    }

    private bool TryRepeat(ReadOnlySpan<byte> salt, long rounds, CancellationToken cancellation)
    {
        for (long i = 0; i < rounds; i++)
        {
            if (i % Slice == 0 && cancellation.IsCancellationRequested)
            {
                return false;
            }

            Expand(_key, default);
            Expand(salt, default);
        }

        return true;
    }

    private void Finish(Span<byte> hash)
    {
        Span<byte> block = stackalloc byte[sizeof(ulong)];
        for (int i = 0; i < Text.Length; i += sizeof(ulong))
        {
            uint left = BinaryPrimitives.ReadUInt32BigEndian(Text[i..]);
            uint right = BinaryPrimitives.ReadUInt32BigEndian(Text[(i + sizeof(uint))..]);
            for (int round = 0; round < LastRounds; round++)
            {
                Encipher(ref left, ref right);
            }

            BinaryPrimitives.WriteUInt32BigEndian(block, left);
            BinaryPrimitives.WriteUInt32BigEndian(block[sizeof(uint)..], right);
            block[..Math.Min(block.Length, hash.Length - i)].CopyTo(hash[i..]);
        }
    }

    /// <summary>The key schedule, with a salt or, if that is empty, with zeros.</summary>
    private void Expand(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        int at = 0;
        for (int i = 0; i < _permutation.Length; i++)
        {
            _permutation[i] ^= NextWord(key, ref at);
        }

        uint left = 0;
        uint right = 0;
        at = 0;
        Fill(_permutation, salt, ref at, ref left, ref right);
        Fill(_boxes, salt, ref at, ref left, ref right);
    }

    private void Fill(uint[] words, ReadOnlySpan<byte> salt, ref int at, ref uint left, ref uint right)
    {
        for (int i = 0; i < words.Length; i += 2)
        {
            if (!salt.IsEmpty)
            {
                left ^= NextWord(salt, ref at);
                right ^= NextWord(salt, ref at);
            }

            Encipher(ref left, ref right);
            words[i] = left;
            words[i + 1] = right;
        }
    }

    /// <summary>The next 32 bits of bytes that begin again when they end.</summary>
    private static uint NextWord(ReadOnlySpan<byte> bytes, ref int at)
    {
        uint word = 0;
        for (int i = 0; i < sizeof(uint); i++)
        {
            word = (word << 8) | bytes[at];
            at = at + 1 == bytes.Length ? 0 : at + 1;
        }

        return word;
    }

    /// <summary>Blowfish's sixteen rounds on one block.</summary>
    private void Encipher(ref uint left, ref uint right)
    {
        uint[] permutation = _permutation;
        uint[] boxes = _boxes;
        uint l = left ^ permutation[0];
        uint r = right;
        for (int i = 1; i < PermutationLength - 1; i += 2)
        {
            r ^= Mix(boxes, l) ^ permutation[i];
            l ^= Mix(boxes, r) ^ permutation[i + 1];
        }

        left = r ^ permutation[PermutationLength - 1];
        right = l;
    }

    private static uint Mix(uint[] boxes, uint word) =>
        ((boxes[word >> 24] + boxes[BoxLength + ((word >> 16) & 0xFF)]) ^ boxes[(2 * BoxLength) + ((word >> 8) & 0xFF)])
        + boxes[(3 * BoxLength) + (word & 0xFF)];
}
