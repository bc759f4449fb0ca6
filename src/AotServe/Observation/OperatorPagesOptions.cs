using System;
using System.Net;

namespace AotServe.Observation;

/// <summary>Which pages for operators there are, and who may ask for them.</summary>
internal sealed class OperatorPagesOptions
{
    /// <summary>The path of the metrics, as it stands in a request; null: there are none.</summary>
    public string? Metrics { get; init; }

    /// <summary>The path of the status page; null: there is none.</summary>
    public string? Status { get; init; }

    /// <summary>Whether everybody may ask: they are on a socket of their own.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether an address may ask that is not this machine's.</summary>
    public Func<IPAddress, bool> Allows { get; init; } = static _ => false;
}
