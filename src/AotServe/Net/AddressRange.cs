using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>The addresses that share their first bits: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>. Immutable; any thread may use it.</summary>
internal sealed class AddressRange
{
    private const int LongestAddress = 16;

    private readonly byte[] _first;
    private readonly int _bits;

    private AddressRange(byte[] first, int bits) => (_first, _bits) = (first, bits);

    /// <summary>The number of bits of an address: 32 or 128.</summary>
    public static int BitsOf(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;

    /// <summary>The range of the addresses that share the first <paramref name="bits"/> with an address. False: bits behind those are set.</summary>
    /// <param name="first">The address. One of IPv4 is not mapped into IPv6.</param>
    /// <param name="bits">0 to <see cref="BitsOf"/>.</param>
    /// <param name="range">The range.</param>
    public static bool TryCreate(IPAddress first, int bits, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        byte[] bytes = first.GetAddressBytes();
        for (int bit = bits; bit < 8 * bytes.Length; bit++)
        {
            if ((bytes[bit / 8] >> (7 - (bit % 8)) & 1) != 0)
            {
                return false;
            }
        }

        range = new AddressRange(bytes, bits);
        return true;
    }

    /// <summary>Whether an address is one of them. An IPv4 address that is mapped into IPv6 is that IPv4 address.</summary>
    public bool Contains(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[LongestAddress];
        if (!(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).TryWriteBytes(bytes, out int length) || length != _first.Length)
        {
            return false;
        }

        int whole = _bits / 8;
        int rest = _bits % 8;
        return bytes[..whole].SequenceEqual(_first.AsSpan(0, whole))
            && (rest == 0 || (bytes[whole] ^ _first[whole]) >> (8 - rest) == 0);
    }
}
