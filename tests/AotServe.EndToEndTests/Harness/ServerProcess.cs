using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// A server under test: a process of its own, killed at the latest when this is disposed. What it printed is part of
/// the test's output. For one thread, that of the test.
/// </summary>
internal sealed partial class ServerProcess : IDisposable
{
    private static int _running;

    private readonly Process _process;
    private readonly object _lock = new();
    private readonly List<string> _stdout = [];
    private readonly List<string> _stderr = [];
    private int _closedStreams;
    private bool _disposed;

    private ServerProcess(Process process, bool readOutput)
    {
        _process = process;
        Pid = process.Id;
        Interlocked.Increment(ref _running);
        if (readOutput)
        {
            process.OutputDataReceived += (_, line) => Collect(_stdout, line.Data);
            process.ErrorDataReceived += (_, line) => Collect(_stderr, line.Data);
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }
    }

    /// <summary>How many server processes of these tests there are at the moment.</summary>
    public static int Running => Volatile.Read(ref _running);

    /// <summary>The process id; where the server was started by another program (script), that program's until it is ready.</summary>
    public int Pid { get; private set; }

    /// <summary>The port from the line that says where the server listens; 0: Unix sockets only.</summary>
    public int Port { get; private set; }

    /// <summary>The port at which it redirects to HTTPS, from the same line; 0: none.</summary>
    public int RedirectPort => RedirectPattern().Match(ReadyLine) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : 0;

    /// <summary>The line that says where the server listens.</summary>
    public string ReadyLine { get; private set; } = "";

    /// <summary>The lines on stdout so far.</summary>
    public IReadOnlyList<string> Stdout => Copy(_stdout);

    /// <summary>The lines on stderr so far.</summary>
    public IReadOnlyList<string> Stderr => Copy(_stderr);

    /// <summary>Whether the process has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>The numbers in the <c>Shutting down worker N</c> lines, in their order.</summary>
    public IReadOnlyList<int> WorkersShutDown =>
        [.. Stdout.Select(line => ShutDownLine().Match(line)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))];

    /// <summary>The process ids in the lines that say where a server listens, in their order: one for each that replaced the last.</summary>
    public IReadOnlyList<int> ServingPids =>
        [.. Stdout.Select(line => ReadyPattern().Match(line)).Where(match => match.Success)
            .Select(match => int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture))];

    /// <summary>Starts a server on a free port of 127.0.0.1 and waits until it listens.</summary>
    public static ServerProcess Serve(string binary, params string[] arguments) =>
        Serve(new ServerStart { Binary = binary, Arguments = ["--port", "0", "--bind", "127.0.0.1", .. arguments] });

    /// <summary>The same for a folder, with one of the pollers that <see cref="PollersAttribute"/> names.</summary>
    public static ServerProcess Serve(string binary, TemporaryFolder folder, string poller, params string[] arguments) => Serve(
        binary,
        OperatingSystem.IsLinux() ? [folder.Root, "--poller", poller, .. arguments] : [folder.Root, .. arguments]);

    /// <summary>Starts a server and waits until it says that it listens.</summary>
    public static ServerProcess Serve(ServerStart start)
    {
        ServerProcess server = Start(start);
        try
        {
            server.AwaitReady();
            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Starts a server without waiting for anything.</summary>
    public static ServerProcess Start(ServerStart start)
    {
        var info = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        List<string> command = [start.Binary, .. start.Arguments];
        if (start.Shell is not null)
        {
            command = ["sh", "-c", start.Shell, .. command];
        }

        if (!OperatingSystem.IsWindows() && InterruptIsIgnored())
        {
            command = ["env", "--default-signal", .. command];
        }

        info.FileName = command[0];
        foreach (string? argument in command.Skip(1))
        {
            info.ArgumentList.Add(argument);
        }

        foreach (string? name in info.Environment.Keys.Where(name => name.StartsWith("AOTSERVE_", StringComparison.Ordinal)).ToArray())
        {
            info.Environment.Remove(name);
        }

        foreach ((string? name, string? value) in OverTls.Environment.Concat(start.Environment))
        {
            info.Environment[name] = value;
        }

        Process process = Process.Start(info) ?? throw new InvalidOperationException("No process was started.");
        process.StandardInput.Close();
        return new ServerProcess(process, start.ReadOutput);
    }

    /// <summary>Sends a signal.</summary>
    public void Signal(int signal) => Posix.Kill(Pid, signal);

    /// <summary>Kills the program that the server was started by, not the server.</summary>
    public void KillStarter() => _process.Kill();

    /// <summary>Waits for the end and gives the exit code; fails the test if it does not come.</summary>
    public int WaitForExit()
    {
        if (!_process.WaitForExit(Eventually.Bound))
        {
            Assert.Fail($"The server still runs after {Eventually.Bound}.");
        }

        return _process.ExitCode;
    }

    /// <summary>Waits for the end, and until all that was printed has been read; gives the exit code.</summary>
    public int WaitForOutput()
    {
        int code = WaitForExit();
        Assert.True(Wait(() => _closedStreams == 2), "Something else holds on to the server's stdout or stderr.");
        return code;
    }

    /// <summary>Waits until a line on stdout or stderr fulfils a condition.</summary>
    public void AwaitLine(Func<string, bool> condition) =>
        Assert.True(Wait(() => _stdout.Any(condition) || _stderr.Any(condition)), "The server did not print the line.");

    /// <summary>Kills the process if it still runs, and adds what it printed to the test's output.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        if (_process.WaitForExit(Eventually.Bound))
        {
            Interlocked.Decrement(ref _running);
        }

        ITestOutputHelper? output = TestContext.Current.TestOutputHelper;
        output?.WriteLine($"Server {Pid} exited with {_process.ExitCode}.");
        foreach (string line in Stdout)
        {
            output?.WriteLine($"  out: {line}");
        }

        foreach (string line in Stderr)
        {
            output?.WriteLine($"  err: {line}");
        }

        _process.Dispose();
    }

    private void AwaitReady()
    {
        Match match = Match.Empty;
        bool ready = Wait(() =>
        {
            ReadyLine = _stdout.FirstOrDefault(line => (match = ReadyPattern().Match(line)).Success) ?? "";
            return match.Success || _closedStreams == 2;
        });
        if (!ready || !match.Success)
        {
            throw new InvalidOperationException("The server did not say that it listens; " + string.Join(" | ", [.. Stdout, .. Stderr]));
        }

        Port = match.Groups["port"] is { Success: true } port ? int.Parse(port.ValueSpan, CultureInfo.InvariantCulture) : 0;
        Pid = int.Parse(match.Groups["pid"].ValueSpan, CultureInfo.InvariantCulture);
    }

    // A process that ignores SIGINT hands that on, as POSIX has it for background jobs; so may the one that runs the tests.
    private static bool InterruptIsIgnored()
    {
        const string Field = "SigIgn:";
        if (!File.Exists("/proc/self/status"))
        {
            return false;
        }

        string mask = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Field, StringComparison.Ordinal))[Field.Length..];
        ulong ignored = ulong.Parse(mask.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (ignored & (1 << (Posix.SIGHUP - 1) | 1 << (Posix.SIGINT - 1) | 1 << (Posix.SIGQUIT - 1))) != 0;
    }

    private void Collect(List<string> lines, string? line)
    {
        lock (_lock)
        {
            if (line is null)
            {
                _closedStreams++;
            }
            else
            {
                lines.Add(line.TrimEnd('\r'));
            }

            Monitor.PulseAll(_lock);
        }
    }

    private bool Wait(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        lock (_lock)
        {
            while (!condition())
            {
                TimeSpan left = Eventually.Bound - watch.Elapsed;
                if (left <= TimeSpan.Zero)
                {
                    return false;
                }

                Monitor.Wait(_lock, left);
            }

            return true;
        }
    }

    private List<string> Copy(List<string> lines)
    {
        lock (_lock)
        {
            return [.. lines];
        }
    }

    [GeneratedRegex(@"(?:https?://\S+:(?<port>\d+)\b|\bon unix:/(?!.*https?://)).*\bpid (?<pid>\d+)")]
    private static partial Regex ReadyPattern();

    [GeneratedRegex(@" from http://\S+:(\d+)\b")]
    private static partial Regex RedirectPattern();

    [GeneratedRegex(@"^Shutting down worker (\d+)$")]
    private static partial Regex ShutDownLine();
}
