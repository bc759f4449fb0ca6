using System;
using System.Net;
using System.Text;

namespace AotServe.Net;

/// <summary>The text of an IP address as proxies write it.</summary>
internal static class AddressText
{
    private const int Longest = 64;

    /// <summary>
    /// Reads IPv4 as four decimal numbers, and IPv6 without brackets. <see cref="IPAddress.TryParse(ReadOnlySpan{char}, out IPAddress)"/> also
    /// takes <c>1</c>, <c>0x7f.0.0.1</c>, <c>010.0.0.1</c> (octal) and the like for IPv4, which other programs read as other addresses.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out IPAddress? address)
    {
        address = null;
        ReadOnlySpan<byte> last = text[(text.LastIndexOf((byte)':') + 1)..]; // IPv6 may end with IPv4.
        bool isPlain = !text.Contains((byte)'[') && (IsFourNumbers(last) || (last.Length < text.Length && !last.Contains((byte)'.')));
        if (!isPlain || text.Length > Longest || text.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        Span<char> characters = stackalloc char[Longest];
        return IPAddress.TryParse(characters[..Encoding.ASCII.GetChars(text, characters)], out address);
    }

    /// <summary>Whether there are four numbers without zeros in front. They may be too large.</summary>
    private static bool IsFourNumbers(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (Range range in text.Split((byte)'.'))
        {
            ReadOnlySpan<byte> number = text[range];
            count++;
            if (number.IsEmpty || number.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (number[0] == '0' && number.Length > 1))
            {
                return false;
            }
        }

        return count == 4;
    }
}
