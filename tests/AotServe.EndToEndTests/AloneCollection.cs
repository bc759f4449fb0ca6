using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Tests that measure the processor or hold thousands of connections: nothing else runs beside them.</summary>
[CollectionDefinition(CrowdTests.Alone, DisableParallelization = true)]
public sealed class AloneCollection;
