using System;

namespace AotServe.EndToEndTests.Soak;

/// <summary>Nobody listens any more: a client's work is done, if a stop was asked for.</summary>
internal sealed class StoppedException : Exception;
