using System;
using AotServe.Sites.Access;
using AotServe.Sites.Representations;

namespace AotServe.Sites;

/// <summary>What the file sites of one server use together. They do not own it. Any thread may use it.</summary>
internal sealed class FileSiteServices
{
    /// <summary>The media types of all files.</summary>
    public required MediaTypes MediaTypes { get; init; }

    /// <summary>Who is let in; null: everybody.</summary>
    public BasicAuthentication? Authentication { get; init; }

    /// <summary>
    /// Called first on each thread that a site starts, with the thread's name, to lower its priority below that of the
    /// workers; null: nothing is done.
    /// </summary>
    public Action<string>? BackgroundThreadStarted { get; init; }
}
