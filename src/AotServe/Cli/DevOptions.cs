using System.Net;
using AotServe.Observation;

namespace AotServe.Cli;

/// <summary>
/// What <c>--dev</c> stands for, in a project folder: loopback only, listings, nothing cached here or by clients, and a log for eyes. What else
/// is asked for stays as it is.
/// </summary>
internal static class DevOptions
{
    /// <summary>Fills in what <c>--dev</c> means, once all options were read.</summary>
    public static ServerOptions Apply(ServerOptions options) => !options.Dev ? options : options with
    {
        CacheBytes = 0,
        Listen = options.Listen.IsEverywhere ? options.Listen with { Addresses = [IPAddress.Loopback] } : options.Listen,
        Site = options.Site with { Listing = true, CachePolicy = options.Site.CachePolicy.WithNoStore() },
        AccessLog = options.AccessLog.File is null ? options.AccessLog with { File = AccessLogOptions.StandardOutput } : options.AccessLog,
    };
}
