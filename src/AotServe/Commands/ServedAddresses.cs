using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AotServe.Net;

namespace AotServe.Commands;

/// <summary>The addresses of the listening sockets, read at the start, while the sockets are certainly open.</summary>
internal sealed class ServedAddresses
{
    private readonly EndPoint[] _addresses;
    private readonly bool[] _areForRedirects;
    private readonly EndPoint? _admin;
    private readonly bool _isEverywhere;
    private readonly bool _isSecure;

    /// <summary>Reads them.</summary>
    /// <param name="sockets">Those of the site.</param>
    /// <param name="admin">That of the operators, or null.</param>
    /// <param name="options">Where the server was to listen.</param>
    /// <param name="isSecure">Whether TLS is spoken on the TCP port.</param>
    public ServedAddresses(List<Socket> sockets, Socket? admin, ListenOptions options, bool isSecure)
    {
        _isSecure = isSecure;
        _addresses = new EndPoint[sockets.Count];
        _areForRedirects = new bool[sockets.Count];
        for (int i = 0; i < _addresses.Length; i++)
        {
            _addresses[i] = sockets[i].LocalEndPoint!;
            _areForRedirects[i] = SecureSockets.IsForRedirects(options, sockets, i);
        }

        _admin = admin?.LocalEndPoint;
        _isEverywhere = options.IsEverywhere;
    }

    /// <summary>Where the operators' pages are; null: on no socket of their own.</summary>
    public string? Admin => _admin is null ? null : UrlOf(_admin, isSecure: false, out _);

    /// <summary>What is served there, and by how many threads, in a line.</summary>
    /// <remarks>
    /// No string of a start is interpolated but on the stack: it would take an array from the shared pool. The second one of a length that a
    /// thread gives back there has the platform measure how fast it learns the number of the processor, which takes 0.4 ms of the start. Nor is a
    /// number made a string by itself, for which the platform would make room for strings of the first 300.
    /// </remarks>
    public string Describe(string site, int threads) => "Serving " + site + " on " + ToString() + ", " + Text(threads) + " threads";

    /// <summary>The URLs that a user can open. An address that means all interfaces is shown as localhost.</summary>
    public override string ToString()
    {
        bool all = false;
        var urls = new List<string>();
        var redirected = new List<string>();
        for (int i = 0; i < _addresses.Length; i++)
        {
            (_areForRedirects[i] ? redirected : urls).Add(UrlOf(_addresses[i], _isSecure && !_areForRedirects[i], out bool any));
            all |= any;
        }

        return string.Join(" ", urls) + (redirected.Count == 0 ? "" : " from " + string.Join(" ", redirected))
            + (all && _isEverywhere ? " (all interfaces)" : "");
    }

    private static string UrlOf(EndPoint address, bool isSecure, out bool isAny)
    {
        isAny = false;
        if (address is not IPEndPoint endPoint)
        {
            return $"unix:{address}";
        }

        string scheme = isSecure ? "https" : "http";
        isAny = endPoint.Address.Equals(IPAddress.Any) || endPoint.Address.Equals(IPAddress.IPv6Any);
        return isAny ? scheme + "://localhost:" + Text(endPoint.Port) : scheme + "://" + endPoint;
    }

    private static string Text(int number) => string.Create(CultureInfo.InvariantCulture, stackalloc char[16], $"{number}");
}
