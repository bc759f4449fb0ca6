using System;
using System.Globalization;
using System.IO;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>
/// Kestrel on a free port of 127.0.0.1, with the addresses of the built-in site: what a server by others makes of the same
/// bytes. An answer gives back the content that Kestrel found in the request.
/// </summary>
internal sealed class KestrelSite : IDisposable
{
    private readonly WebApplication _application;

    /// <summary>Starts it.</summary>
    /// <param name="patience">How long it waits for the rest of a head, for a body, and for another request.</param>
    public KestrelSite(TimeSpan patience)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(options =>
            {
                options.Limits.MaxRequestBodySize = ReferenceSite.LargestContent;
                options.Limits.RequestHeadersTimeout = patience;
                options.Limits.KeepAliveTimeout = patience;
                options.Limits.MinRequestBodyDataRate = null; // Else it gives up after five seconds.
            });
        _application = builder.Build();
        _application.Run(async context =>
        {
            using var content = new MemoryStream();
            await context.Request.Body.CopyToAsync(content);
            string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
            string method = context.Request.Method;
            context.Response.StatusCode = ReferenceSite.StatusOf(method, ReferenceSite.PathOf(target));
            if (context.Response.StatusCode != StatusCodes.Status204NoContent)
            {
                context.Response.Headers.ContentLength = content.Length;
            }

            if (method != "HEAD" && content.Length > 0 && context.Response.StatusCode != StatusCodes.Status204NoContent)
            {
                await context.Response.Body.WriteAsync(content.ToArray());
            }
        });
        _application.StartAsync().Wait();
        foreach (string address in _application.Urls)
        {
            Port = new Uri(address).Port;
        }
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Its version, for what a failure says.</summary>
    public static string Version { get; } =
        string.Create(CultureInfo.InvariantCulture, $"Kestrel {typeof(WebApplication).Assembly.GetName().Version}");

    /// <summary>Stops it.</summary>
    public void Dispose() => _application.DisposeAsync().AsTask().Wait();
}
