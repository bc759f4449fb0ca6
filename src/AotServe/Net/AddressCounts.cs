using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>
/// How many connections each client address has: an IPv4 address, or an IPv6 /64 network, since that is what one client
/// usually has. Any thread may call.
/// </summary>
internal sealed class AddressCounts(long most)
{
    private readonly Dictionary<ulong, int> _counts = [];

    /// <summary>Counts one more for an address, as <see cref="KeyOf"/> gives it. False, not counted: it has its share.</summary>
    public bool TryAdd(ulong key)
    {
        lock (_counts)
        {
            _counts.TryGetValue(key, out int count);
            if (count >= most)
                return false;
            _counts[key] = count + 1;
            return true;
        }
    }

    /// <summary>Counts one less.</summary>
    public void Remove(ulong key)
    {
        lock (_counts)
        {
            if (_counts[key] == 1)
                _counts.Remove(key);
            else
                _counts[key]--;
        }
    }

    /// <summary>What stands for the remote address of a socket; 0 where it has none any more.</summary>
    public static ulong KeyOf(Socket socket)
    {
        if (socket.RemoteEndPoint is not IPEndPoint { Address: { } address })
            return 0;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        System.Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        return length == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt64BigEndian(bytes);
    }
}
