using System.Net;

namespace AotServe.Http;

/// <summary>Who sent the request that is being answered.</summary>
internal interface IClient
{
    /// <summary>
    /// The address at the other end of the connection, which may be a proxy's; null where it is gone. Costs an allocation
    /// each time, so it is for where it is needed.
    /// </summary>
    IPAddress? Address { get; }
}
