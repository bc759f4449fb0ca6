using System;

namespace AotServe.Tests.Workers.Interleavings;

/// <summary>Ends a fiber of a run in which a fault was found.</summary>
internal sealed class AbandonedRunException : Exception;
