using System;
using System.Runtime.CompilerServices;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>
/// Several sites, chosen by the host of the request (RFC 9110 §7.2). Case, port and a dot at the end of the host are ignored. An
/// exact name takes precedence over one with <c>*.</c>, which matches exactly one label. The caller owns the sites. Allocates nothing for
/// a request.
/// </summary>
internal sealed class VirtualHosts : IRequestHandler
{
    private const int LongestHost = 255;

    // Open addressing with linear probing. A Dictionary with a lookup by span was measured: it makes the executable 4 KB larger.
    private readonly (byte[] Host, IRequestHandler Site)[] _table;
    private readonly IRequestHandler? _default;

    /// <summary>The caller continues to own the sites.</summary>
    /// <param name="sites">
    /// Sites by host: ASCII, lower case, no port, no dot at the end; an IPv6 address in brackets; no host twice.
    /// </param>
    /// <param name="root">The site for all other hosts, and for requests without one; null: they get 421 (RFC 9110 §15.5.20).</param>
    /// <param name="strict">Whether they get 421 even so.</param>
    public VirtualHosts((string Host, IRequestHandler Site)[] sites, IRequestHandler? root, bool strict)
    {
        _default = strict ? null : root;
        _table = new (byte[], IRequestHandler)[2 * sites.Length + 1];
        foreach ((string host, IRequestHandler site) in sites)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(host);
            int slot = SlotOf(bytes);
            while (_table[slot].Host is not null)
            {
                slot = (slot + 1) % _table.Length;
            }

            _table[slot] = (bytes, site);
        }
    }

    public BodyUse UseOfBody(RequestHead head) => Find(head.Authority)?.UseOfBody(head) ?? BodyUse.Discard;

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        IRequestHandler? site = Find(head.Authority);
        if (head.Client is { IsSecure: true } client && client.ServerName is { IsEmpty: false } name && Find(name) != site)
        {
            // RFC 9110 §15.5.20: the client was let in by the certificate of another site.
            ErrorPage.Write(response, 421, "The connection was made for another host than the request names."u8);
        }
        else if (site is not null)
        {
            site.Answer(head, body, response);
        }
        else
        {
            ErrorPage.Write(response, 421, "This server has no site by that name."u8);
        }
    }

    /// <summary>The site for an authority as it was sent, which is empty if none was sent; null: there is none.</summary>
    [SkipLocalsInit]
    internal IRequestHandler? Find(ReadOnlySpan<byte> authority)
    {
        ReadOnlySpan<byte> host = HostOf(authority);
        Span<byte> space = stackalloc byte[LongestHost];
        if (host.IsEmpty || host.Length > LongestHost)
        {
            return _default;
        }

        Ascii.ToLower(host, space, out _);
        Span<byte> lower = space[..host.Length];
        if (Lookup(lower) is { } site)
        {
            return site;
        }

        int dot = lower.IndexOf((byte)'.');
        if (dot <= 0)
        {
            return _default;
        }

        lower[dot - 1] = (byte)'*';
        return Lookup(lower[(dot - 1)..]) ?? _default;
    }

    /// <summary>The host of a well-formed authority, without a port and without a dot at its end.</summary>
    private static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> authority)
    {
        if (!authority.IsEmpty && authority[0] == '[')
        {
            return authority[..(authority.IndexOf((byte)']') + 1)];
        }

        int colon = authority.IndexOf((byte)':');
        ReadOnlySpan<byte> host = colon < 0 ? authority : authority[..colon];
        return !host.IsEmpty && host[^1] == '.' ? host[..^1] : host;
    }

    private IRequestHandler? Lookup(ReadOnlySpan<byte> host)
    {
        for (int slot = SlotOf(host); _table[slot].Host is { } found; slot = (slot + 1) % _table.Length)
        {
            if (host.SequenceEqual(found))
            {
                return _table[slot].Site;
            }
        }

        return null;
    }

    private int SlotOf(ReadOnlySpan<byte> host)
    {
        uint hash = 0;
        foreach (byte letter in host)
        {
            hash = (hash * 31) + letter;
        }

        return (int)(hash % (uint)_table.Length);
    }
}
