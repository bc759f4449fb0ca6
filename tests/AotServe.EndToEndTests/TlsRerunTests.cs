using System;
using System.Diagnostics;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>Tests that were written without TLS, run again in a process of their own in which everything speaks it (<see cref="OverTls"/>).</summary>
[Collection(CrowdTests.Alone)]
public sealed class TlsRerunTests(PublishedServer published)
{
    [Theory]
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
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-noLogo", "-noColor", "-class", $"{typeof(TlsRerunTests).Namespace}.{name}", "-method-", "*More_than_4_GiB*"])
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
