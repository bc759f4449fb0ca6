using System;
using System.Buffers.Binary;
using System.Numerics;
using AotServe.Native;

namespace AotServe.Files;

/// <summary>
/// A 64-bit hash of a path, to find it in a table by. Seeded afresh in every process, so that nobody can prepare paths
/// that meet in it; not a cryptographic one.
/// </summary>
internal static class PathHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    private static readonly ulong Seed = CreateSeed();

    /// <summary>The same for the same bytes as long as the process lives.</summary>
    public static ulong Of(ReadOnlySpan<byte> path)
    {
        ulong hash = Seed ^ (ulong)path.Length;
        for (; path.Length >= sizeof(ulong); path = path[sizeof(ulong)..])
        {
            hash = Add(hash, BinaryPrimitives.ReadUInt64LittleEndian(path));
        }

        ulong rest = 0;
        foreach (byte letter in path)
        {
            rest = (rest << 8) | letter;
        }

        return Add(hash, rest);
    }

    /// <summary>The hash of what <paramref name="hash"/> stands for and a number.</summary>
    public static ulong Add(ulong hash, ulong number) => BitOperations.RotateLeft((hash ^ number) * Prime, 29) * Prime;

    private static ulong CreateSeed()
    {
        Span<byte> seed = stackalloc byte[sizeof(ulong)];
        RandomBytes.Fill(seed);
        return BinaryPrimitives.ReadUInt64LittleEndian(seed);
    }
}
