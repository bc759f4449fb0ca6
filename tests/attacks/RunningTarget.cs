using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

namespace AotServe.Attacks;

/// <summary>A server process, ended when it is disposed of.</summary>
internal sealed class RunningTarget : IDisposable
{
    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly Process _process;

    public RunningTarget(string binary, string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(binary, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("The server did not start.");
        string ready = _process.StandardOutput.ReadLine() ?? _process.StandardError.ReadToEnd();
        Match match = Regex.Match(ready, @"127\.0\.0\.1:(\d+)");
        if (!match.Success)
        {
            Dispose();
            throw new InvalidOperationException($"The server did not say that it listens: {ready}");
        }

        Port = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        Drain(_process.StandardOutput);
        Drain(_process.StandardError);
    }

    public int Port { get; }

    public int Pid => _process.Id;

    /// <summary>The most memory that it had, MB (1,000,000 bytes).</summary>
    public double PeakMemory => Status("VmHWM") / 1000 * 1.024;

    /// <summary>The processor time of its threads, ms: what the scheduler counts, in nanoseconds (proc(5), schedstat).</summary>
    public double CpuTime
    {
        get
        {
            double sum = 0;
            foreach (string thread in Directory.GetDirectories($"/proc/{Pid}/task"))
            {
                sum += long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;
            }

            return sum;
        }
    }

    /// <summary>Connects from an address of this machine.</summary>
    public Socket Connect(string source = "127.0.0.1", int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 60_000 };
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
        socket.Connect(IPAddress.Loopback, Port);
        return socket;
    }

    /// <summary>Connects, asks once, and gives the whole response; empty: there was none.</summary>
    public byte[] Ask(string target, string source = "127.0.0.1", string method = "GET", string fields = "")
    {
        using Socket socket = Connect(source);
        return Ask(socket, target, method, fields + "Connection: close\r\n");
    }

    /// <summary>Asks, and reads the response without keeping it: what this process does must not be what is measured.</summary>
    public void AskAndForget(string target, string source)
    {
        using Socket socket = Connect(source);
        socket.Send(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
        byte[] buffer = _scratch ??= new byte[64 * 1024];
        while (socket.Receive(buffer) > 0)
        {
            // Forgotten.
        }
    }

    /// <summary>The status of <see cref="Ask(string, string, string, string)"/>.</summary>
    public int StatusOf(string target, string source = "127.0.0.1", string fields = "") => StatusOf(Ask(target, source, "GET", fields));

    public static int StatusOf(byte[] response) =>
        response.Length < 12 ? 0 : int.Parse(Encoding.ASCII.GetString(response, 9, 3), CultureInfo.InvariantCulture);

    /// <summary>Asks on a connection; reads to its end, or as long as Content-Length says.</summary>
    public static byte[] Ask(Socket socket, string target, string method = "GET", string fields = "")
    {
        socket.Send(Encoding.ASCII.GetBytes($"{method} {target} HTTP/1.1\r\nHost: x\r\n{fields}\r\n"));
        var received = new MemoryStream();
        byte[] buffer = new byte[256 * 1024];
        long length = long.MaxValue;
        while (received.Length < length)
        {
            int count;
            try
            {
                count = socket.Receive(buffer);
            }
            catch (SocketException)
            {
                break;
            }

            if (count == 0)
            {
                break;
            }

            received.Write(buffer, 0, count);
            if (length == long.MaxValue)
            {
                string head = Encoding.Latin1.GetString(received.GetBuffer(), 0, (int)Math.Min(received.Length, 512 * 1024));
                int end = head.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                Match match = Regex.Match(head[..Math.Max(0, end)], @"(?i)content-length: (\d+)");
                length = end < 0 ? long.MaxValue
                    : method == "HEAD" || !match.Success ? end + 4
                    : end + 4 + long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            }
        }

        return received.ToArray();
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>What it writes is read, so that it never waits for that.</summary>
    private static void Drain(StreamReader stream) => new Thread(() => stream.ReadToEnd()) { IsBackground = true }.Start();

    /// <summary>A number of /proc/PID/status, in KiB.</summary>
    private double Status(string name) => double.Parse(
        File.ReadLines($"/proc/{Pid}/status").First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal),
        CultureInfo.InvariantCulture);
}
