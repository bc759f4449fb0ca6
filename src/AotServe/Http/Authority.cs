using System;

namespace AotServe.Http;

/// <summary>
/// The grammar of the Host field and of the authority in a target: <c>uri-host [":" port]</c> (RFC 9110 §7.2,
/// RFC 3986 §3.2). Userinfo is not allowed.
/// </summary>
internal static class Authority
{
    /// <summary>
    /// Whether <paramref name="text"/> is a host that is not empty, and an optional port: a colon, and no digits or a
    /// number up to 65535.
    /// </summary>
    public static bool IsValid(ReadOnlySpan<byte> text) =>
        TryFindPort(text, out ReadOnlySpan<byte> port) && IsPort(port);

    /// <summary>The same with a required port: the authority form of CONNECT (RFC 9110 §9.3.6).</summary>
    public static bool IsValidWithPort(ReadOnlySpan<byte> text) =>
        TryFindPort(text, out ReadOnlySpan<byte> port) && port.Length > 1 && IsPort(port);

    /// <summary>Checks the host and returns what follows it, including the colon.</summary>
    private static bool TryFindPort(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> port)
    {
        port = default;
        int length = text.IsEmpty ? 0 : text[0] == '[' ? LengthOfLiteral(text) : LengthOfName(text);
        if (length == 0)
        {
            return false;
        }

        port = text[length..];
        return true;
    }

    private static bool IsPort(ReadOnlySpan<byte> port)
    {
        if (port.IsEmpty)
        {
            return true;
        }

        if (port[0] != ':')
        {
            return false;
        }

        int number = 0;
        foreach (byte digit in port[1..])
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = number * 10 + digit - '0';
            if (number > ushort.MaxValue)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The length of the reg-name at the front; 0 if it has a malformed percent-encoding. An IPv4 address is also a valid
    /// reg-name.
    /// </summary>
    private static int LengthOfName(ReadOnlySpan<byte> text)
    {
        int i = 0;
        while (i < text.Length)
        {
            if (ByteClass.IsHostName(text[i]))
            {
                i++;
            }
            else if (text[i] != '%')
            {
                break;
            }
            else if (!PercentEncoding.TryDecode(text, i, out _))
            {
                return 0;
            }
            else
            {
                i += PercentEncoding.TripletLength;
            }
        }

        return i;
    }

    /// <summary>The length of the IP literal at the front, including its brackets; 0 if it is malformed.</summary>
    private static int LengthOfLiteral(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)']');
        if (end < 2)
        {
            return 0;
        }

        ReadOnlySpan<byte> address = text[1..end];
        return IsIPv6(address) || IsIPvFuture(address) ? end + 1 : 0;
    }

    private static bool IsIPv6(ReadOnlySpan<byte> text)
    {
        int groups = 0;
        int i = 0;
        bool compressed = text.StartsWith("::"u8);
        if (compressed)
        {
            i = 2;
        }

        while (i < text.Length)
        {
            int digits = i;
            while (i < text.Length && ByteClass.HexValue(text[i]) >= 0)
            {
                i++;
            }

            if (i < text.Length && text[i] == '.')
            {
                groups += 2;
                return (compressed ? groups < 8 : groups == 8) && IsIPv4(text[digits..]);
            }

            if (i - digits is < 1 or > 4)
            {
                return false;
            }

            groups++;
            if (i == text.Length)
            {
                break;
            }

            if (text[i++] != ':' || i == text.Length)
            {
                return false;
            }

            if (text[i] != ':')
            {
                continue;
            }

            if (compressed)
            {
                return false;
            }

            compressed = true;
            i++;
        }

        return compressed ? groups < 8 : groups == 8;
    }

    /// <summary>Four decimal octets without leading zeros.</summary>
    private static bool IsIPv4(ReadOnlySpan<byte> text)
    {
        for (int octet = 0; octet < 4; octet++)
        {
            int length = 0;
            int number = 0;
            for (; length < text.Length && text[length] is >= (byte)'0' and <= (byte)'9'; length++)
            {
                if (length == 3 || (length == 1 && number == 0))
                {
                    return false;
                }

                number = number * 10 + text[length] - '0';
            }

            if (length == 0 || number > 255)
            {
                return false;
            }

            text = text[length..];
            if (octet == 3)
            {
                break;
            }

            if (text.IsEmpty || text[0] != '.')
            {
                return false;
            }

            text = text[1..];
        }

        return text.IsEmpty;
    }

    private static bool IsIPvFuture(ReadOnlySpan<byte> text)
    {
        if ((text[0] | 0x20) != 'v')
        {
            return false;
        }

        int i = 1;
        while (i < text.Length && ByteClass.HexValue(text[i]) >= 0)
        {
            i++;
        }

        if (i == 1 || i >= text.Length - 1 || text[i] != '.')
        {
            return false;
        }

        foreach (byte value in text[(i + 1)..])
        {
            if (value != ':' && !ByteClass.IsHostName(value))
            {
                return false;
            }
        }

        return true;
    }
}
