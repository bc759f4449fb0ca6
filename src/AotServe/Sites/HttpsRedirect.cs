using System;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>
/// Answers HTTP where HTTPS is meant: 308 to the same address with https. Requests of ACME (RFC 8555 §8.3), with which a new
/// certificate is got, go to the site, since they come by HTTP only.
/// </summary>
/// <param name="port">The port of HTTPS; 443 is not named in an address.</param>
/// <param name="site">Answers the requests of ACME.</param>
internal sealed class HttpsRedirect(int port, IRequestHandler site) : IRequestHandler
{
    private const int UsualPort = 443;
    private const int LongestPort = 6; // With its colon.
    private const int UsualLength = 1024;

    private static ReadOnlySpan<byte> Challenges => "/.well-known/acme-challenge/"u8;

    private static ReadOnlySpan<byte> Scheme => "https://"u8;

    public BodyUse UseOfBody(RequestHead head) => IsChallenge(head) ? site.UseOfBody(head) : BodyUse.Discard;

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        if (IsChallenge(head))
        {
            site.Answer(head, body, response);
            return;
        }

        ReadOnlySpan<byte> host = HostOf(head.Authority);
        if (host.IsEmpty || head.Path.IsEmpty || head.Path[0] != '/')
        {
            ErrorPage.Write(response, 400, "This port only leads to HTTPS, and the request does not say to which address."u8);
            return;
        }

        int longest = Scheme.Length + host.Length + LongestPort + head.Path.Length + 1 + head.Query.Length;
        Span<byte> location = longest <= UsualLength ? stackalloc byte[UsualLength] : new byte[longest];
        int length = 0;
        Append(location, ref length, Scheme);
        Append(location, ref length, host);
        if (port != UsualPort)
        {
            location[length++] = (byte)':';
            port.TryFormat(location[length..], out int digits);
            length += digits;
        }

        Append(location, ref length, head.Path);
        if (!head.Query.IsEmpty)
        {
            location[length++] = (byte)'?';
            Append(location, ref length, head.Query);
        }

        response.Start(308);
        response.Field("Location"u8, location[..length]);
        response.EndWithBody(default);
    }

    /// <summary>A token of RFC 8555 is one segment in base64url, so nothing else of the site is reached by HTTP.</summary>
    private static bool IsChallenge(RequestHead head) =>
        head.Path.StartsWith(Challenges) && head.Path[Challenges.Length..].IndexOfAny("/%."u8) < 0;

    /// <summary>The host of a well-formed authority, without its port.</summary>
    private static ReadOnlySpan<byte> HostOf(ReadOnlySpan<byte> authority)
    {
        int end = authority.LastIndexOf((byte)']') + 1;
        int colon = authority[end..].IndexOf((byte)':');
        return colon < 0 ? authority : authority[..(end + colon)];
    }

    private static void Append(Span<byte> text, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(text[length..]);
        length += bytes.Length;
    }
}
