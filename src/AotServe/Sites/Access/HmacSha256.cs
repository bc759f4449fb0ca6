using System;

namespace AotServe.Sites.Access;

/// <summary>
/// HMAC-SHA-256 (RFC 2104) with one key, whose two padded blocks are hashed once, at construction. Any thread may call.
/// </summary>
internal sealed class HmacSha256
{
    private readonly uint[] _inner = new uint[Sha256.StateWords];
    private readonly uint[] _outer = new uint[Sha256.StateWords];

    public HmacSha256(ReadOnlySpan<byte> key)
    {
        Span<byte> block = stackalloc byte[Sha256.BlockLength];
        block.Clear();
        if (key.Length > Sha256.BlockLength)
        {
            Sha256.Hash(key, block);
        }
        else
        {
            key.CopyTo(block);
        }

        Begin(_inner, block, 0x36);
        Begin(_outer, block, 0x5c);
    }

    /// <summary>The state after the key's block that precedes the message.</summary>
    public ReadOnlySpan<uint> Inner => _inner;

    /// <summary>The state after the key's block that precedes the message's hash.</summary>
    public ReadOnlySpan<uint> Outer => _outer;

    /// <summary>Writes the authentication code of <paramref name="message"/>, <see cref="Sha256.HashLength"/> bytes.</summary>
    public void Hash(ReadOnlySpan<byte> message, Span<byte> destination)
    {
        Span<uint> state = stackalloc uint[Sha256.StateWords];
        Span<byte> inner = stackalloc byte[Sha256.HashLength];
        _inner.CopyTo(state);
        Sha256.Finish(state, Sha256.BlockLength, message);
        Sha256.WriteHash(state, inner);
        _outer.CopyTo(state);
        Sha256.Finish(state, Sha256.BlockLength, inner);
        Sha256.WriteHash(state, destination);
    }

    private static void Begin(Span<uint> state, ReadOnlySpan<byte> key, byte pad)
    {
        Span<byte> block = stackalloc byte[Sha256.BlockLength];
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = (byte)(key[i] ^ pad);
        }

        Sha256.Begin(state);
        Sha256.Compress(state, block);
    }
}
