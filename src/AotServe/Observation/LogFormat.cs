namespace AotServe.Observation;

/// <summary>The form of a line of the access log.</summary>
internal enum LogFormat
{
    /// <summary>Apache's combined log format, which most tools read.</summary>
    Combined,

    /// <summary>A JSON object with the names of OpenTelemetry's semantic conventions for HTTP.</summary>
    Json,
}
