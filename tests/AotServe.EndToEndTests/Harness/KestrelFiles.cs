using System;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.FileProviders;

namespace AotServe.EndToEndTests.Harness;

/// <summary>Kestrel with its static files on a free port of 127.0.0.1: what a server by others makes of a request.</summary>
internal sealed class KestrelFiles : IDisposable
{
    private readonly WebApplication _application;

    /// <summary>Serves a folder.</summary>
    public KestrelFiles(string folder)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.UseStaticFiles(new StaticFileOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            ServeUnknownFileTypes = true,
        });
        _application.StartAsync().Wait();
        foreach (string address in _application.Urls)
        {
            Port = new Uri(address).Port;
        }
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Stops it.</summary>
    public void Dispose() => _application.DisposeAsync().AsTask().Wait();
}
