using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>
/// How many connections each client address has: an IPv4 address, or an IPv6 /64 network, since that is what one client
/// usually has. Any thread may call.
/// </summary>
/// <param name="most">The most connections that one address may have.</param>
internal sealed class AddressCounts(long most)
{
    /// <summary>How many connections beyond that are accepted to be answered with 429. Further ones are closed.</summary>
    private const int MostSurplus = 8;

    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>
    /// Counts one more connection. False, and not counted: the address has too many to be answered.
    /// </summary>
    /// <param name="key">The address, from <see cref="KeyOf(IPAddress)"/>.</param>
    /// <param name="isSurplus">Whether the connection is one more than the address may have.</param>
    public bool TryAdd(ulong key, out bool isSurplus)
    {
        lock (_counts)
        {
            _counts.TryGetValue(key, out int count);
            isSurplus = count >= most;
            if (count - MostSurplus >= most)
            {
                return false;
            }

            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>Whether an address has no more connections than it may.</summary>
    public bool IsWithin(ulong key)
    {
        lock (_counts)
        {
            return _counts[key] <= most;
        }
    }

    /// <summary>Counts one connection less.</summary>
    public void Remove(ulong key)
    {
        lock (_counts)
        {
            if (_counts[key] == 1)
            {
                _counts.Remove(key);
            }
            else
            {
                _counts[key]--;
            }
        }
    }

    /// <summary>A socket's remote address, IPv4 where it is mapped into IPv6; null: it has none any more.</summary>
    public static IPAddress? AddressOf(Socket socket)
    {
        try
        {
            IPAddress? address = (socket.RemoteEndPoint as IPEndPoint)?.Address;
            return address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        }
        catch (SocketException)
        {
            return null; // The client is gone.
        }
    }

    /// <summary>The key of an address: an IPv4 address itself, also if it is mapped into IPv6, or the first half of an IPv6 address.</summary>
    public static ulong KeyOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        System.Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
