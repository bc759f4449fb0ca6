using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AotServe.Http;

/// <summary>
/// The classes of bytes in the grammars of RFC 9110 and RFC 3986. The table is constant data of the executable, so it costs
/// nothing at start-up.
/// </summary>
internal static class ByteClass
{
    private const byte Token = 1;
    private const byte FieldContent = 2;
    private const byte HostName = 4;
    private const byte PlainInPath = 8;

    private static ReadOnlySpan<byte> Classes =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        2, 7, 2, 3, 7, 3, 7, 7, 6, 6, 7, 7, 6, 15, 15, 10,
        15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 2, 6, 2, 6, 2, 2,
        2, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
        15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 2, 2, 2, 3, 15,
        3, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15,
        15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 15, 2, 3, 2, 15, 0,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
        2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
    ];

    /// <summary>tchar: the bytes of methods, field names and most parameters (RFC 9110 §5.6.2).</summary>
    public static bool IsToken(byte value) => (Classes[value] & Token) != 0;

    /// <summary>HTAB, SP, VCHAR or obs-text: the bytes of a field value (RFC 9110 §5.5).</summary>
    public static bool IsFieldContent(byte value) => (Classes[value] & FieldContent) != 0;

    /// <summary>unreserved or sub-delims: the bytes of a host name, percent-encodings apart (RFC 3986 §3.2.2).</summary>
    public static bool IsHostName(byte value) => (Classes[value] & HostName) != 0;

    /// <summary>A slash or unreserved: what a path may hold as it is, whatever is in it (RFC 3986 §2.3).</summary>
    public static bool IsPlainInPath(byte value) => (Classes[value] & PlainInPath) != 0;

    /// <summary>SP or HTAB: the bytes of OWS and BWS (RFC 9110 §5.6.3).</summary>
    public static bool IsWhitespace(byte value) => value is (byte)' ' or (byte)'\t';

    /// <summary>The index of the first byte that is not a tchar; −1 if all are.</summary>
    public static int IndexOfNonToken(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (!IsToken(bytes[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>
    /// The index of the first byte that a field value must not contain, which in a valid line is its CR; −1 if there is
    /// none. Looks at sixteen bytes at a time, because most bytes of a head belong to field values.
    /// </summary>
    public static int IndexOfNonFieldContent(ReadOnlySpan<byte> bytes)
    {
        int i = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            ref byte first = ref MemoryMarshal.GetReference(bytes);
            for (; i <= bytes.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            {
                var block = Vector128.LoadUnsafe(ref first, (nuint)i);
                var controls = Vector128.LessThan(block, Vector128.Create((byte)0x20));
                var tabs = Vector128.Equals(block, Vector128.Create((byte)'\t'));
                var deletes = Vector128.Equals(block, Vector128.Create((byte)0x7F));
                Vector128<byte> refused = Vector128.AndNot(controls, tabs) | deletes;
                if (refused != Vector128<byte>.Zero)
                {
                    return i + BitOperations.TrailingZeroCount(refused.ExtractMostSignificantBits());
                }
            }
        }

        for (; i < bytes.Length; i++)
        {
            if (!IsFieldContent(bytes[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The value of a hexadecimal digit of either case, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int HexValue(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };

    /// <summary>The bytes without SP and HTAB at both ends.</summary>
    public static ReadOnlySpan<byte> TrimWhitespace(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && IsWhitespace(bytes[0]))
        {
            bytes = bytes[1..];
        }

        while (!bytes.IsEmpty && IsWhitespace(bytes[^1]))
        {
            bytes = bytes[..^1];
        }

        return bytes;
    }
}
