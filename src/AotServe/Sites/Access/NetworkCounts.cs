using System.Collections.Generic;

namespace AotServe.Sites.Access;

/// <summary>
/// A number for each client network, of three sizes: for IPv4 the /24 and the address, for IPv6 the /48, the /56 and the /64,
/// since one customer may have any of these. Networks are numbers, see <see cref="Http.IClient.Network"/>. Not thread-safe: its
/// owner has a lock.
/// </summary>
internal sealed class NetworkCounts
{
    /// <summary>The sizes of networks, from the largest to the smallest.</summary>
    public const int Sizes = 3;

    /// <summary>With more networks than this, all numbers of that size are forgotten: memory is bounded.</summary>
    private const int MostNetworks = 16 * 1024;

    private readonly Dictionary<ulong, int>[] _counts = [[], [], []];

    /// <summary>The number of the network of that size around a client; 0 where none was added.</summary>
    public int Of(ulong client, int size) => _counts[size].GetValueOrDefault(NetworkOf(client, size));

    /// <summary>Adds to the numbers of the client's networks. One that becomes 0 is forgotten.</summary>
    public void Add(ulong client, int change)
    {
        for (int size = 0; size < Sizes; size++)
        {
            Dictionary<ulong, int> counts = _counts[size];
            ulong network = NetworkOf(client, size);
            int count = counts.GetValueOrDefault(network) + change;
            if (count <= 0)
            {
                counts.Remove(network);
                continue;
            }

            if (counts.Count >= MostNetworks)
            {
                counts.Clear();
            }

            counts[network] = count;
        }
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        foreach (Dictionary<ulong, int> counts in _counts)
        {
            counts.Clear();
        }
    }

    private static ulong NetworkOf(ulong client, int size) => (client <= uint.MaxValue, size) switch
    {
        (_, 2) => client,
        (true, _) or (false, 1) => client >> 8,
        _ => client >> 16,
    };
}
