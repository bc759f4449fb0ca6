using System;
using System.Net;
using System.Text;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// The proxies whose word counts about who a client is (<c>--trusted-proxy</c>). Immutable; any thread may use it.
/// </summary>
/// <param name="ranges">Their addresses.</param>
/// <param name="trustsUnix">Whether every client of a Unix socket is one.</param>
internal sealed class TrustedProxies(AddressRange[] ranges, bool trustsUnix)
{
    /// <summary>
    /// The most proxies that are looked past. Own choice: chains have a few, and a client may send thousands, which are on the left.
    /// </summary>
    private const int MostHops = 32;

    private const int LongestNode = 64;

    /// <summary>Whether an address is a proxy's; null: the client came by a Unix socket.</summary>
    public bool Contains(IPAddress? address)
    {
        if (address is null)
        {
            return trustsUnix;
        }

        foreach (AddressRange range in ranges)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// The address of the client behind a proxy: of those in Forwarded (RFC 7239), or else in X-Forwarded-For, the first from the right that is
    /// no trusted proxy. SECURITY: each proxy adds on the right what it saw, so that what a client sent itself stays on the
    /// left. What is no address ends the search: then the client is the last address before it.
    /// </summary>
    /// <param name="head">The request.</param>
    /// <param name="peer">The proxy that sent it; null: by a Unix socket.</param>
    public IPAddress? ClientOf(RequestHead head, IPAddress? peer)
    {
        bool isStandard = head.IndexOfField("forwarded"u8, 0) >= 0;
        ReadOnlySpan<byte> name = isStandard ? "forwarded"u8 : "x-forwarded-for"u8;
        IPAddress? client = peer;
        int hops = 0;
        for (int line = head.FieldCount - 1; line >= 0; line--)
        {
            if (!Ascii.EqualsIgnoreCase(head.FieldName(line), name))
            {
                continue;
            }

            ReadOnlySpan<byte> rest = head.FieldValue(line);
            while (!rest.IsEmpty)
            {
                int comma = rest.LastIndexOf((byte)',');
                ReadOnlySpan<byte> element = ByteClass.TrimWhitespace(rest[(comma + 1)..]);
                rest = comma < 0 ? default : rest[..comma];
                if (hops++ == MostHops || !TryRead(isStandard ? NodeOf(element) : element, out IPAddress? address))
                {
                    return client;
                }

                client = address;
                if (!Contains(client))
                {
                    return client;
                }
            }
        }

        return client;
    }

    /// <summary>The value of <c>for</c> in an element of Forwarded; empty: there is none.</summary>
    private static ReadOnlySpan<byte> NodeOf(ReadOnlySpan<byte> element)
    {
        foreach (Range range in element.Split((byte)';'))
        {
            ReadOnlySpan<byte> pair = ByteClass.TrimWhitespace(element[range]);
            if (pair.Length > 4 && Ascii.EqualsIgnoreCase(pair[..4], "for="u8))
            {
                return pair[4..].Trim((byte)'"');
            }
        }

        return default;
    }

    /// <summary>Reads an address, with or without a port; IPv6 with one in brackets.</summary>
    private static bool TryRead(ReadOnlySpan<byte> node, out IPAddress? address)
    {
        address = null;
        if (node.IsEmpty || node.Length > LongestNode || node.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            return false;
        }

        int end = node[0] == '[' ? node.IndexOf((byte)']') : node.Count((byte)':') == 1 ? node.IndexOf((byte)':') : node.Length;
        ReadOnlySpan<byte> literal = node[0] == '[' ? (end < 0 ? default : node[1..end]) : node[..end];
        ReadOnlySpan<byte> port = end < 0 ? default : node[(node[0] == '[' ? end + 1 : end)..];
        bool hasPort = port.IsEmpty || (port.Length > 1 && port[0] == ':' && port[1..].IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);

        return hasPort && AddressText.TryParse(literal, out address);
    }
}
