using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using AotServe.EndToEndTests.Harness;
using Xunit;

[assembly: AssemblyFixture(typeof(PublishedServer))]

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// The native binary under test, published by the tree's own script before the first test that asks for it. The script
/// knows by itself whether there is anything to do. <c>AOTSERVE_TEST_BINARY</c> names another one, or a script that starts
/// it: <c>tests/platforms</c> runs what was published for another processor so.
/// </summary>
public sealed class PublishedServer : IDisposable
{
    private readonly Lazy<string> _binary = new(
        () => Environment.GetEnvironmentVariable("AOTSERVE_TEST_BINARY") is { Length: > 0 } given
            ? given
            : OverTls.IsOn ? Publish(Path.Combine(".artifacts", "aotserve-tls"), "--tls")
            : Publish(OperatingSystem.IsWindows() ? "aotserve.exe" : "aotserve"),
        LazyThreadSafetyMode.ExecutionAndPublication);

    private readonly Lazy<string> _hooksBinary = new(
        () => OverTls.IsOn
            ? Publish(Path.Combine(".artifacts", "aotserve-tls-test-hooks"), "--tls", "--test-hooks")
            : Publish(
                Path.Combine(".artifacts", OperatingSystem.IsWindows() ? "aotserve-test-hooks.exe" : "aotserve-test-hooks"),
                "--test-hooks"),
        LazyThreadSafetyMode.ExecutionAndPublication);

    private readonly Lazy<string> _tlsBinary = new(
        () => OverTls.WhyNot() is { } reason ? throw Xunit.Sdk.SkipException.ForSkip(reason) : Publish(Path.Combine(".artifacts", "aotserve-tls"), "--tls"),
        LazyThreadSafetyMode.ExecutionAndPublication);

    /// <summary>Has servers begin as they do in the foreground, however the tests were started.</summary>
    public PublishedServer()
    {
        if (!OperatingSystem.IsWindows())
        {
            Posix.StopIgnoring(Posix.SIGINT);
            Posix.StopIgnoring(Posix.SIGQUIT);
        }
    }

    /// <summary>The path of the server as users get it.</summary>
    public string Binary => _binary.Value;

    /// <summary>The path of a server with <c>/__hooks/…</c>: it can be asked over HTTP to exit or to throw.</summary>
    public string HooksBinary => _hooksBinary.Value;

    /// <summary>The path of a server with TLS. Skips the test where none can be published.</summary>
    public string TlsBinary => _tlsBinary.Value;

    /// <summary>Fails the run when a server process outlived its test.</summary>
    public void Dispose()
    {
        if (ServerProcess.Running is not 0 and var left)
        {
            throw new InvalidOperationException($"{left} server processes were left behind.");
        }
    }

    private static string Publish(string output, params string[] options)
    {
        string path = Path.Combine(Repository.Root, output);
        var start = new ProcessStartInfo
        {
            FileName = OperatingSystem.IsWindows() ? "powershell" : "bash",
            WorkingDirectory = Repository.Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] script = OperatingSystem.IsWindows()
            ? ["-NoProfile", "-ExecutionPolicy", "Bypass", "-File", "publish.ps1"]
            : ["publish.sh"];
        foreach (string argument in (string[])[.. script, "--output", path, .. options])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> stderr = process.StandardError.ReadToEndAsync();
        string stdout = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? path
            : throw new InvalidOperationException($"Publishing failed ({process.ExitCode}):\n{stdout}\n{stderr.Result}");
    }
}
