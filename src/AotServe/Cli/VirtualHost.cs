namespace AotServe.Cli;

/// <summary>A folder that is served under a host name of its own.</summary>
/// <param name="Host">The form that <see cref="HostPattern.TryNormalize"/> gives.</param>
/// <param name="Folder">Its full path. It was a readable folder when options were read.</param>
internal sealed record VirtualHost(string Host, string Folder);
