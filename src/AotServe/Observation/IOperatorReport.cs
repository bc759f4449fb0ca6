namespace AotServe.Observation;

/// <summary>Makes the pages for operators. Any thread may call; a page is made anew for each request.</summary>
internal interface IOperatorReport
{
    /// <summary>The metrics, as text.</summary>
    /// <param name="isOpenMetrics">Whether as OpenMetrics.</param>
    byte[] Metrics(bool isOpenMetrics);

    /// <summary>The status page, HTML.</summary>
    byte[] Status();
}
