using System;
using System.Net;
using System.Text;

namespace AotServe.Net;

/// <summary>The text of an IP address as proxies write it.</summary>
internal static class AddressText
{
    private const int Longest = 64;

    /// <summary>
    /// Reads IPv4 as four numbers, and IPv6 without brackets. <see cref="IPAddress.TryParse(ReadOnlySpan{char}, out IPAddress)"/> also takes
    /// <c>1</c>, <c>0x7f.1</c> and the like for IPv4.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IPAddress? address)
    {
        address = null;
        bool isPlain = text.Contains((byte)':') || text.Count((byte)'.') == 3;
        if (!isPlain || text.Length > Longest || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        Span<char> characters = stackalloc char[Longest];
        return IPAddress.TryParse(characters[..Encoding.ASCII.GetChars(text, characters)], out address);
    }
}
