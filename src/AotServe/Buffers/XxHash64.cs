using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AotServe.Buffers;

/// <summary>
/// XXH64 with seed 0 (xxHash specification 0.1.1), a fast hash that is the same on every machine. It is not a cryptographic one:
/// whoever chooses both contents can make them collide. A value hashes one sequence of bytes, in pieces or at once.
/// </summary>
internal struct XxHash64()
{
    /// <summary>All pieces but the last are a multiple of this long, bytes.</summary>
    public const int StripeLength = 32;

    private const ulong Prime1 = 0x9E3779B185EBCA87;
    private const ulong Prime2 = 0xC2B2AE3D27D4EB4F;
    private const ulong Prime3 = 0x165667B19E3779F9;
    private const ulong Prime4 = 0x85EBCA77C2B2AE63;
    private const ulong Prime5 = 0x27D4EB2F165667C5;

    private ulong _lane1 = unchecked(Prime1 + Prime2);
    private ulong _lane2 = Prime2;
    private ulong _lane3;
    private ulong _lane4 = unchecked(0 - Prime1);
    private ulong _length;

    /// <summary>The hash of bytes that are all there.</summary>
    public static ulong Compute(ReadOnlySpan<byte> bytes)
    {
        var hash = new XxHash64();
        int stripes = bytes.Length / StripeLength * StripeLength;
        hash.Append(bytes[..stripes]);
        return hash.Finish(bytes[stripes..]);
    }

    /// <summary>Adds a piece of whole stripes.</summary>
    public void Append(ReadOnlySpan<byte> stripes)
    {
        _length += (ulong)stripes.Length;
        ulong lane1 = _lane1, lane2 = _lane2, lane3 = _lane3, lane4 = _lane4;
        for (; stripes.Length >= StripeLength; stripes = stripes[StripeLength..])
        {
            lane1 = Round(lane1, BinaryPrimitives.ReadUInt64LittleEndian(stripes));
            lane2 = Round(lane2, BinaryPrimitives.ReadUInt64LittleEndian(stripes[8..]));
            lane3 = Round(lane3, BinaryPrimitives.ReadUInt64LittleEndian(stripes[16..]));
            lane4 = Round(lane4, BinaryPrimitives.ReadUInt64LittleEndian(stripes[24..]));
        }

        (_lane1, _lane2, _lane3, _lane4) = (lane1, lane2, lane3, lane4);
    }

    /// <summary>The hash of all pieces and of <paramref name="rest"/>, which is shorter than a stripe.</summary>
    public readonly ulong Finish(ReadOnlySpan<byte> rest)
    {
        ulong hash = _length == 0 ? Prime5 : Converge();
        hash += _length + (ulong)rest.Length;
        for (; rest.Length >= sizeof(ulong); rest = rest[sizeof(ulong)..])
        {
            hash ^= Round(0, BinaryPrimitives.ReadUInt64LittleEndian(rest));
            hash = (BitOperations.RotateLeft(hash, 27) * Prime1) + Prime4;
        }

        if (rest.Length >= sizeof(uint))
        {
            hash ^= BinaryPrimitives.ReadUInt32LittleEndian(rest) * Prime1;
            hash = (BitOperations.RotateLeft(hash, 23) * Prime2) + Prime3;
            rest = rest[sizeof(uint)..];
        }

        foreach (byte last in rest)
        {
            hash = BitOperations.RotateLeft(hash ^ (last * Prime5), 11) * Prime1;
        }

        hash = (hash ^ (hash >> 33)) * Prime2;
        hash = (hash ^ (hash >> 29)) * Prime3;
        return hash ^ (hash >> 32);
    }

    // The compiler is told to make small code, and would call this four times for each stripe, in twice the time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Round(ulong lane, ulong input) => BitOperations.RotateLeft(lane + (input * Prime2), 31) * Prime1;

    private static ulong Merge(ulong hash, ulong lane) => ((hash ^ Round(0, lane)) * Prime1) + Prime4;

    private readonly ulong Converge()
    {
        ulong hash = BitOperations.RotateLeft(_lane1, 1) + BitOperations.RotateLeft(_lane2, 7)
            + BitOperations.RotateLeft(_lane3, 12) + BitOperations.RotateLeft(_lane4, 18);
        return Merge(Merge(Merge(Merge(hash, _lane1), _lane2), _lane3), _lane4);
    }
}
