using System;
using System.Diagnostics;
using System.Linq;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Tests that were written without TLS, run again in a process of their own in which everything speaks it (<see cref="OverTls"/>).</summary>
[Collection(CrowdTests.Alone)]
public sealed class TlsRerunTests(PublishedServer published)
{
    /// <summary>What is left out: 4 GiB take too long, and who waits in the accept queue cannot make the handshake that a client begins with.</summary>
    private static readonly string[] LeftOut =
    [
        "*More_than_4_GiB*",
        $"*{nameof(DeadlineTests.Connections_beyond_the_most_wait_until_one_has_closed)}*",
        $"*{nameof(CrowdTests.Accepting_survives_running_out_of_descriptors)}*",
        $"*{nameof(CrowdTests.Connections_that_had_to_wait_for_descriptors_are_served_when_there_are_some)}*",
        $"*{nameof(CrowdTests.Files_survive_running_out_of_descriptors)}*",
    ];

    [Theory]
    [InlineData(nameof(StoppingTests))]
    [InlineData(nameof(DeadlineTests))]
    [InlineData(nameof(CrowdTests))]
    [InlineData(nameof(DrainUnderLoadTests))]
    [InlineData(nameof(ReplacementUnderLoadTests))]
    [InlineData(nameof(ReplacementTests))]
    [InlineData(nameof(RangeTests))]
    [InlineData(nameof(ConditionalRequestTests))]
    [InlineData(nameof(ConnectionTests))]
    [InlineData(nameof(LargeFileTests))]
    [InlineData(nameof(LimitTests))]
    [InlineData(nameof(StrictnessTests))]
    [InlineData(nameof(EvictionTests))]
    [InlineData(nameof(LameDuckTests))]
    [InlineData(nameof(SendBufferTests))]
    [InlineData(nameof(CacheTests))]
    public void They_pass_over_TLS(string name)
    {
        Assert.SkipWhen(OverTls.IsOn, "This is such a run.");
        _ = published.TlsBinary;
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noLogo", "-noColor", "-class", $"{typeof(TlsRerunTests).Namespace}.{name}", .. LeftOut.SelectMany(method => (string[])["-method-", method])])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment[OverTls.Variable] = "1";
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
    }
}
