using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using AotServe.Net;

namespace AotServe.Commands;

/// <summary>The addresses of the listening sockets, read at the start, while the sockets are certainly open.</summary>
internal sealed class ServedAddresses
{
    private readonly EndPoint[] _addresses;
    private readonly EndPoint? _admin;
    private readonly bool _isEverywhere;

    /// <summary>Reads them.</summary>
    /// <param name="sockets">Those of the site.</param>
    /// <param name="admin">That of the operators, or null.</param>
    /// <param name="options">Where the server was to listen.</param>
    public ServedAddresses(IReadOnlyList<Socket> sockets, Socket? admin, ListenOptions options)
    {
        _addresses = new EndPoint[sockets.Count];
        for (int i = 0; i < _addresses.Length; i++)
        {
            _addresses[i] = sockets[i].LocalEndPoint!;
        }

        _admin = admin?.LocalEndPoint;
        _isEverywhere = options.IsEverywhere;
    }

    /// <summary>Where the operators' pages are; null: on no socket of their own.</summary>
    public string? Admin => _admin is null ? null : UrlOf(_admin, out _);

    /// <summary>The URLs that a user can open. An address that means all interfaces is shown as localhost.</summary>
    public override string ToString()
    {
        bool all = false;
        string[] urls = new string[_addresses.Length];
        for (int i = 0; i < urls.Length; i++)
        {
            urls[i] = UrlOf(_addresses[i], out bool any);
            all |= any;
        }

        return string.Join(" ", urls) + (all && _isEverywhere ? " (all interfaces)" : "");
    }

    private static string UrlOf(EndPoint address, out bool isAny)
    {
        isAny = false;
        if (address is not IPEndPoint endPoint)
        {
            return $"unix:{address}";
        }

        isAny = endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any);
        return isAny ? $"http://localhost:{endPoint.Port}" : $"http://{endPoint}";
    }
}
