using System;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace AotServe.Net;

/// <summary>The addresses that share their first bits: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>. Immutable; any thread may use it.</summary>
internal sealed class AddressRange
{
    private const int LongestAddress = 16;

    private readonly byte[] _first;
    private readonly int _bits;

    private AddressRange(byte[] first, int bits) => (_first, _bits) = (first, bits);

    /// <summary>Reads an address with or without a slash and a number of bits. False: it is none, or bits behind those are set.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        int slash = text.IndexOf('/');
        if (!IPAddress.TryParse(slash < 0 ? text : text.AsSpan(0, slash), out IPAddress? address) || text.StartsWith('['))
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        int bits = 8 * bytes.Length;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out bits) || bits > 8 * bytes.Length))
        {
            return false;
        }

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
