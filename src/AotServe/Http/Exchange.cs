namespace AotServe.Http;

/// <summary>
/// What is counted of one request and its response (RFC 9110 §3.4), from the moment when the response is written until its last byte is with
/// the kernel or the connection is lost.
/// </summary>
internal struct Exchange
{
    /// <summary>When the head was complete, on the clock of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long StartedAt { get; set; }

    public RequestMethod Method { get; set; }

    /// <summary>The status of the response.</summary>
    public int Status { get; set; }

    /// <summary>The bytes of the response's head.</summary>
    public int HeadLength { get; set; }

    /// <summary>The bytes of the content that follow it on the connection.</summary>
    public long ContentLength { get; set; }

    /// <summary>How many bytes its description has; see <see cref="IExchangeLog.Describe"/>.</summary>
    public int DescriptionLength { get; set; }

    /// <summary>How many of these come before what is only known at the end.</summary>
    public int DescriptionSplit { get; set; }
}
