namespace AotServe.Cli;

/// <summary>A folder that is served under a host name of its own.</summary>
/// <param name="Host">As <see cref="HostPattern.Normalize"/> writes it.</param>
/// <param name="Folder">The full path of what was a readable folder when options were read.</param>
internal sealed record VirtualHost(string Host, string Folder);
