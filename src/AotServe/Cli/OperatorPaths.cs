namespace AotServe.Cli;

/// <summary>Where the pages are that <c>--admin</c> brings with it, unless their own options say so.</summary>
internal static class OperatorPaths
{
    public const string DefaultMetrics = "/metrics";

    public const string DefaultStatus = "/status";

    public const string DefaultHealth = "/healthz";
}
