using System;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

// kestrel ROOT PORT: ASP.NET Core's server with its static files, nothing logged.
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { WebRootPath = args[0] });
builder.Logging.ClearProviders();
builder.WebHost.ConfigureKestrel(options =>
{
    options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(5);
    options.Listen(IPAddress.Loopback, int.Parse(args[1]));
});
WebApplication app = builder.Build();
app.UseStaticFiles(new StaticFileOptions { ServeUnknownFileTypes = true });
app.Run();
