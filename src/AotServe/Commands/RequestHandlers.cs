using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using AotServe.Cli;
using AotServe.Http;
using AotServe.Lifetime;
using AotServe.Net;
using AotServe.Observation;
using AotServe.Sites;
using AotServe.Tls;

namespace AotServe.Commands;

/// <summary>Says which handlers a request passes: health check, operators' pages, then the site.</summary>
internal static class RequestHandlers
{
    /// <summary>Gives each listening socket its handlers. Where operators have a socket of their own, the others have none of their pages.</summary>
    /// <param name="sockets">Those of the site.</param>
    /// <param name="admin">That of the operators; null: there is none.</param>
    /// <param name="options">Which pages there are.</param>
    /// <param name="site">What is served.</param>
    /// <param name="stop">For the hooks of the tests.</param>
    /// <param name="drain">Whether load balancers are to send clients elsewhere.</param>
    /// <param name="report">Makes the operators' pages; null: there are none.</param>
    /// <param name="tls">What TLS is spoken with on the TCP port; null: none is.</param>
    public static List<ServedSocket> Assign(
        List<Socket> sockets, Socket? admin, ServerOptions options, ServedSite site, StopRequest stop, DrainState drain, OperatorReport? report,
        TlsServer? tls)
    {
        IRequestHandler handler = site.Handler;
#if TEST_HOOKS
        handler = new AotServe.TestHooks.HookedSite(handler, stop);
#endif
        if (report is not null && admin is null)
        {
            var pages = new OperatorPagesOptions
            {
                Metrics = options.Metrics,
                Status = options.Status,
                Allows = address => Contains(options.AdminAllow, address),
            };
            handler = new OperatorPages(pages, report, handler);
        }

        if (options.Health is { } path && admin is null)
        {
            handler = HealthCheck(path, handler);
        }

        var served = new List<ServedSocket>();
        for (int i = 0; i < sockets.Count; i++)
        {
            served.Add(SecureSockets.IsForRedirects(options.Listen, sockets, i)
                ? new ServedSocket(sockets[i], new HttpsRedirect(((IPEndPoint)sockets[0].LocalEndPoint!).Port, handler))
                : new ServedSocket(sockets[i], handler, sockets[i].AddressFamily == AddressFamily.Unix ? null : tls));
        }

        if (admin is not null && report is not null)
        {
            var pages = new OperatorPagesOptions
            {
                Metrics = options.Metrics ?? OperatorPaths.DefaultMetrics,
                Status = options.Status ?? OperatorPaths.DefaultStatus,
                IsOpen = true,
            };
            served.Add(new ServedSocket(admin, HealthCheck(options.Health ?? OperatorPaths.DefaultHealth, new OperatorPages(pages, report, next: null))));
        }

        return served;

        HealthCheck HealthCheck(string at, IRequestHandler next) => new(at, next, drain, () => site.Absence is null);
    }

    private static bool Contains(AddressRange[] ranges, IPAddress address)
    {
        foreach (AddressRange range in ranges)
        {
            if (range.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
