using System;
using System.Net;
using System.Text;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>Answers the paths of the metrics and of the status page. All other requests go on.</summary>
/// <param name="options">Which paths they are, and who may ask.</param>
/// <param name="report">Makes the pages.</param>
/// <param name="next">Answers all other requests; null: they are 404.</param>
internal sealed class OperatorPages(OperatorPagesOptions options, IOperatorReport report, IRequestHandler? next) : IRequestHandler
{
    private readonly byte[] _metrics = Encoding.ASCII.GetBytes(options.Metrics ?? "");
    private readonly byte[] _status = Encoding.ASCII.GetBytes(options.Status ?? "");

    private static ReadOnlySpan<byte> Methods => "GET, HEAD, OPTIONS"u8;

    public BodyUse UseOfBody(RequestHead head) =>
        next is null || IsMetrics(head) || IsStatus(head) ? BodyUse.Discard : next.UseOfBody(head);

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        bool isMetrics = IsMetrics(head);
        if ((!isMetrics && !IsStatus(head)) || !IsAllowed(head))
        {
            AnswerOther(head, body, response);
        }
        else if (head.Method == RequestMethod.Options)
        {
            response.Start(204);
            response.Field("Allow"u8, Methods);
            response.EndWithoutBody();
        }
        else if (head.Method is not (RequestMethod.Get or RequestMethod.Head))
        {
            ErrorPage.WriteNotAllowed(response, Methods);
        }
        else if (isMetrics)
        {
            bool isOpen = MediaPreference.Of(head, "application"u8, "openmetrics-text"u8).IsAskedFor;
            response.Start(200);
            response.Field("Content-Type"u8, MetricsPage.TypeOf(isOpen));
            response.Field("Vary"u8, "Accept"u8);
            response.Field("Cache-Control"u8, "no-store"u8);
            response.EndWithBody(report.Metrics(isOpen));
        }
        else
        {
            response.Start(200);
            response.Field("Content-Type"u8, "text/html; charset=utf-8"u8);
            response.Field("Content-Security-Policy"u8, StatusPageParts.Policy);
            response.Field("Cache-Control"u8, "no-store"u8);
            response.EndWithBody(report.Status());
        }
    }

    private static bool IsForwarded(RequestHead head) =>
        head.IndexOfField("x-forwarded-for"u8, 0) >= 0 || head.IndexOfField("forwarded"u8, 0) >= 0 || head.IndexOfField("via"u8, 0) >= 0
        || head.IndexOfField("x-real-ip"u8, 0) >= 0;

    private void AnswerOther(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        if (next is null)
        {
            ErrorPage.Write(response, 404);
        }
        else
        {
            next.Answer(head, body, response);
        }
    }

    private bool IsMetrics(RequestHead head) => _metrics.Length > 0 && head.Path.SequenceEqual(_metrics);

    private bool IsStatus(RequestHead head) =>
        _status.Length > 0 && (head.Path.SequenceEqual(_status) || (next is null && head.Path.SequenceEqual("/"u8)));

    /// <summary>
    /// SECURITY: who comes from this machine may be a proxy that has been forgotten in --trusted-proxy, for anybody. What says that it was
    /// forwarded is not from here.
    /// </summary>
    private bool IsAllowed(RequestHead head)
    {
        if (options.IsOpen)
        {
            return true;
        }

        return head.Client?.Address is { } address
            && ((IPAddress.IsLoopback(address) && !IsForwarded(head)) || options.Allows(address));
    }
}
