namespace AotServe.Observation;

/// <summary>One second.</summary>
/// <param name="Requests">Requests a second.</param>
/// <param name="Slow">The time within which 99 of 100 were answered, ms; 0: there were none.</param>
internal readonly record struct HistoryPoint(double Requests, double Slow);
