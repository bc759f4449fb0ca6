using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>
/// How many connections each client address has: an IPv4 address, or an IPv6 /64 network, since that is what one client
/// usually has. Any thread may call.
/// </summary>
/// <param name="most">The share of one address.</param>
internal sealed class AddressCounts(long most)
{
    /// <summary>How many more of an address are let in to be told that there are too many; the others are closed.</summary>
    private const int ToBeTold = 8;

    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>
    /// Counts one more for an address, as <see cref="KeyOf(IPAddress)"/> gives it. False, not counted: it has more than its share.
    /// </summary>
    /// <param name="key">The address.</param>
    /// <param name="isSurplus">Whether that is more than its share.</param>
    public bool TryAdd(ulong key, out bool isSurplus)
    {
        lock (_counts)
        {
            _counts.TryGetValue(key, out int count);
            isSurplus = count >= most;
            if (count - ToBeTold >= most)
            {
                return false;
            }

            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>Whether an address has no more than its share.</summary>
    public bool IsWithin(ulong key)
    {
        lock (_counts)
        {
            return _counts[key] <= most;
        }
    }

    /// <summary>Counts one less.</summary>
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

    /// <summary>What stands for the remote address of a socket; 0 where it has none any more.</summary>
    public static ulong KeyOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint is IPEndPoint { Address: { } address } ? KeyOf(address) : 0;
        }
        catch (SocketException)
        {
            return 0; // The client is gone.
        }
    }

    /// <summary>What stands for an address: an IPv4 address itself, mapped into IPv6 or not, and the first half of an IPv6 one.</summary>
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
