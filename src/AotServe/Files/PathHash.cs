using System;
using System.Buffers.Binary;
using System.Numerics;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>
/// A 64-bit hash of a path, for hash tables. The seed is random in every process, so that nobody can prepare paths that
/// collide. It is not a cryptographic hash.
/// </summary>
internal static class PathHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    private static readonly ulong Seed = CreateSeed();

    /// <summary>The hash of a path, the same for the same bytes within one process.</summary>
    public static ulong Compute(ReadOnlySpan<byte> path)
    {
        ulong hash = Seed ^ (ulong)path.Length;
        for (; path.Length >= sizeof(ulong); path = path[sizeof(ulong)..])
        {
            hash = Combine(hash, BinaryPrimitives.ReadUInt64LittleEndian(path));
        }

        ulong rest = 0;
        foreach (byte letter in path)
        {
            rest = (rest << 8) | letter;
        }

        return Combine(hash, rest);
    }

    /// <summary>Adds a number to a hash.</summary>
    public static ulong Combine(ulong hash, ulong number) => BitOperations.RotateLeft((hash ^ number) * Prime, 29) * Prime;

    private static ulong CreateSeed()
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        RandomBytes.Fill(seed);
        return BinaryPrimitives.ReadUInt64LittleEndian(seed);
    }
}
