using System;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>
/// Answers one path for load balancers, before any site: 200 <c>ok</c>, or 503: <c>draining</c> once a stop was requested, and
/// <c>folder missing</c> while one that is to be served is not there. So that they send clients elsewhere while this server still answers. All other requests go to the site.
/// </summary>
/// <param name="path">Compared byte by byte with the path of the request.</param>
/// <param name="site">The site for all other requests.</param>
/// <param name="drain">Whether load balancers are to send clients elsewhere.</param>
/// <param name="isComplete">Whether all that is to be served is there.</param>
internal sealed class HealthCheck(string path, IRequestHandler site, DrainState drain, Func<bool> isComplete) : IRequestHandler
{
    private readonly byte[] _path = Encoding.ASCII.GetBytes(path);

    public BodyUse UseOfBody(RequestHead head) => IsHealthCheck(head) ? BodyUse.Discard : site.UseOfBody(head);

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        if (!IsHealthCheck(head))
        {
            site.Answer(head, body, response);
            return;
        }

        if (head.Method == RequestMethod.Options)
        {
            SiteMethods.AnswerOptions(response);
            return;
        }

        bool isTurningAway = drain.IsTurningAway;
        bool isWell = !isTurningAway && isComplete();
        response.Start(isWell ? 200 : 503);
        response.Field("Content-Type"u8, "text/plain; charset=utf-8"u8);
        response.Field("Cache-Control"u8, "no-store"u8);
        response.EndWithBody(isWell ? "ok\n"u8 : isTurningAway ? "draining\n"u8 : "folder missing\n"u8);
    }

    private bool IsHealthCheck(RequestHead head) =>
        head.Method is RequestMethod.Get or RequestMethod.Head or RequestMethod.Options && head.Path.SequenceEqual(_path);
}
