using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AotServe.Cli;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Tls;

namespace AotServe.Commands;

/// <summary>
/// <c>aotserve healthcheck</c>: asks a server, and exits with 0 if it answers with 200 to 399, else with 1 and a line that says what it
/// did. For images that have no curl.
/// </summary>
internal static class HealthCheckCommand
{
    /// <summary>How long each step may take, ms. Own choice: a third of Docker's default for all of it, so that the line is seen.</summary>
    private const int Timeout = 10_000;

    private const int LongestLine = 512;

    /// <summary>Asks, and returns the exit code.</summary>
    public static int Run(HealthCheckUrl url)
    {
        string? error = Ask(url);
        if (error is null)
        {
            return ExitCode.Success;
        }

        StandardStreams.WriteError(url.UnixPath is { } path ? $"unix:{path}:{url.Target}: {error}" : $"{(url.IsSecure ? "https" : "http")}://{url.Authority}{url.Target}: {error}");
        return ExitCode.Failure;
    }

    private static string? Ask(HealthCheckUrl url)
    {
        string? error = null;
        EndPoint[] endPoints = url.UnixPath is { } path ? [new UnixDomainSocketEndPoint(path)]
            : url.Address is { } only ? [new IPEndPoint(only, url.Port)]
            : [new IPEndPoint(IPAddress.Loopback, url.Port), new IPEndPoint(IPAddress.IPv6Loopback, url.Port)];
        foreach (EndPoint endPoint in endPoints)
        {
            try
            {
                using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
                socket.SendTimeout = socket.ReceiveTimeout = Timeout;
                OutgoingSocket.Connect(socket, endPoint);
                if (!TlsSupport.IsBuiltIn || !url.IsSecure)
                {
                    return Ask(socket, null, url);
                }

                using SslClient? tls = OpenSsl.Initialize() ? SslClient.Connect((int)socket.Handle) : null;
                return tls is null ? "no TLS: " + OpenSsl.TakeError() : Ask(socket, tls, url);
            }
            catch (SocketException refused)
            {
                error ??= refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.AddressNotAvailable ? "nobody listens there"
                    : refused.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.InProgress ? "no answer in time"
                    : "no connection: " + ErrorText.Describe(refused);
            }
        }

        return error;
    }

    private static string? Ask(Socket socket, SslClient? tls, HealthCheckUrl url)
    {
        byte[] request = Encoding.ASCII.GetBytes($"GET {url.Target} HTTP/1.1\r\nHost: {url.Authority}\r\nUser-Agent: aotserve\r\nConnection: close\r\n\r\n");
        if (TlsSupport.IsBuiltIn && tls is not null)
        {
            tls.Send(request);
        }
        else
        {
            socket.Send(request);
        }

        byte[] line = new byte[LongestLine];
        int length = 0;
        long started = Stopwatch.GetTimestamp();
        while (length < line.Length && line.AsSpan(0, length).IndexOf((byte)'\n') < 0)
        {
            int count = TlsSupport.IsBuiltIn && tls is not null
                ? tls.Receive(line.AsSpan(length))
                : socket.Receive(line, length, line.Length - length, SocketFlags.None);
            if (count == 0 || Stopwatch.GetElapsedTime(started).TotalMilliseconds > Timeout)
            {
                return count == 0 ? "the connection closed without an answer" : "no answer in time";
            }

            length += count;
        }

        ReadOnlySpan<byte> text = line.AsSpan(0, length);
        ReadOnlySpan<byte> version = "HTTP/1."u8;
        bool isHttp = text.Length >= version.Length + 5 && text.StartsWith(version) && text[version.Length + 1] == ' ';
        string status = isHttp ? Encoding.ASCII.GetString(text.Slice(version.Length + 2, 3)) : "";
        return status is ['2' or '3', >= '0' and <= '9', >= '0' and <= '9'] ? null
            : isHttp ? "the answer is " + status
            : "what answers does not speak HTTP";
    }
}
