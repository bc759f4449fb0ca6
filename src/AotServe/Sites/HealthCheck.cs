using System;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>
/// Answers one path, before any site sees it, for load balancers: 200 <c>ok</c>, or 503 <c>draining</c> from the moment
/// that a stop is asked for, so that they send clients elsewhere while this server still answers. Every other request is
/// the site's.
/// </summary>
/// <param name="path">Compared byte by byte with the path of the request.</param>
/// <param name="site">Answers everything else.</param>
/// <param name="isStopping">Whether clients had better go elsewhere; asked by any thread.</param>
internal sealed class HealthCheck(string path, IRequestHandler site, Func<bool> isStopping) : IRequestHandler
{
    private readonly byte[] _path = Encoding.ASCII.GetBytes(path);

    public BodyUse UseOfBody(RequestHead head) => IsAsked(head) ? BodyUse.Discard : site.UseOfBody(head);

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        if (!IsAsked(head))
        {
            site.Answer(head, body, response);
            return;
        }

        bool stopping = isStopping();
        response.Start(stopping ? 503 : 200);
        response.Field("Content-Type"u8, "text/plain; charset=utf-8"u8);
        response.Field("Cache-Control"u8, "no-store"u8);
        response.EndWithBody(stopping ? "draining\n"u8 : "ok\n"u8);
    }

    private bool IsAsked(RequestHead head) =>
        head.Method is RequestMethod.Get or RequestMethod.Head && head.Path.SequenceEqual(_path);
}
