using System;
using System.Collections.Generic;
using System.Reflection;
using System.Threading.Tasks;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace AotServe.EndToEndTests.Harness;

/// <summary>Runs a theory once with each poller that the server has here: its only argument is <c>epoll</c> or <c>select</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PollersAttribute : DataAttribute
{
    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        TheoryDataRow<string> select = new("select");
        return new(OperatingSystem.IsLinux() ? [new TheoryDataRow<string>("epoll"), select] : [select]);
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
