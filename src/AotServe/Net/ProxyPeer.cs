using System.Net;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>A trusted proxy at the other end of a connection. Immutable; any thread may use it.</summary>
/// <param name="proxies">All of them.</param>
/// <param name="address">Its address.</param>
internal sealed class ProxyPeer(TrustedProxies proxies, IPAddress address)
{
    /// <summary>The network of the client for whom it sent a request, as <see cref="AddressCounts"/> counts it.</summary>
    public ulong NetworkOfClient(RequestHead head) => AddressCounts.KeyOf(proxies.ClientOf(head, address));
}
