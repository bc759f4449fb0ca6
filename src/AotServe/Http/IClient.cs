namespace AotServe.Http;

/// <summary>Who sent the request that is being answered.</summary>
internal interface IClient
{
    /// <summary>
    /// A number for the network at the other end of the connection, which may be a proxy's: an IPv4 address, or an IPv6
    /// /64, since that is what one client usually has. 0 where there is none any more. Found out anew each time, which
    /// allocates: for where it is needed.
    /// </summary>
    ulong Network { get; }
}
