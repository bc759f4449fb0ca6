using System;
using System.Globalization;
using System.Text;
using AotServe.EndToEndTests.Harness;
using Xunit;

namespace AotServe.EndToEndTests;

/// <summary>
/// Servers are replaced one after the other while clients ask as fast as they can. How often, the environment says:
/// <c>REPLACEMENTS=50 dotnet test tests/AotServe.EndToEndTests</c>.
/// </summary>
[Collection(CrowdTests.Alone)]
public sealed class ReplacementUnderLoadTests(PublishedServer published)
{
    private const int KeepAlive = 16;
    private const int Fresh = 8;

    [Fact]
    public void No_request_fails_and_no_answer_is_cut_short()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Servers are replaced on Linux only.");
        int replacements = int.Parse(Environment.GetEnvironmentVariable("REPLACEMENTS") ?? "5", NumberStyles.None, CultureInfo.InvariantCulture);
        using var server = new ReplaceableServer(published.Binary, "www");
        using var load = new LoadClients(
            server.Port,
            [
                ("/small.txt", Encoding.ASCII.GetBytes(new string('s', 3_000))),
                ("/small.txt", Encoding.ASCII.GetBytes(new string('s', 3_000))),
                ("/large.txt", Encoding.ASCII.GetBytes(new string('l', 400_000))),
            ],
            KeepAlive,
            Fresh,
            isStopTested: true);
        for (int i = 0; i < replacements; i++)
        {
            AwaitAnswers(load);
            server.Replace();
        }

        AwaitAnswers(load);
        string seen = load.Stop();
        TestContext.Current.TestOutputHelper?.WriteLine($"{replacements} replacements: {seen}");
        Assert.Empty(load.Failures);
        Assert.Equal(replacements + 1, server.Process.ServingPids.Count);
        server.Stop();
        Assert.Empty(server.Process.Stderr);
        Assert.DoesNotContain(server.Process.Stdout, line => line.Contains("cut off", StringComparison.Ordinal));
    }

    /// <summary>Waits until every client is likely to have been answered by the server that there is now.</summary>
    private static void AwaitAnswers(LoadClients load)
    {
        long before = load.Answers;
        Eventually.Holds(() => load.Answers > before + (10 * (KeepAlive + Fresh)), "clients are answered");
    }
}
