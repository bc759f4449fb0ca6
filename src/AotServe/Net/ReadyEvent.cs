namespace AotServe.Net;

/// <summary>Something happened on a polled socket.</summary>
/// <param name="Slot">The slot it was added with.</param>
/// <param name="HangUp">The peer has shut down its sending side, or the connection broke: reading will come to an end.</param>
internal readonly record struct ReadyEvent(int Slot, bool HangUp);
