using System;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>Answers HTTP that is spoken at a port for HTTPS: 400, and what to do.</summary>
internal sealed class HttpsHint : IRequestHandler
{
    public BodyUse UseOfBody(RequestHead head) => BodyUse.Discard;

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        response.KeepAlive = false;
        ErrorPage.Write(response, 400, "This port speaks HTTPS, and the request came by HTTP: write https:// in front of the address."u8);
    }
}
