using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;
using Xunit;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>
/// Mutated records of TLS at the published server, before a handshake, in the middle of one and after it, in pieces, half closed, reset
/// or closed. Whatever OpenSSL makes of them, no exception leaves a callback, good clients are answered, and the process is afterwards
/// what it was before. A failure holds the seed.
/// </summary>
public sealed class TlsFuzzTests(PublishedServer published) : IDisposable
{
    private const int Rounds = 2000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Mutated_records_cost_their_own_connection_only() => Attack(FuzzSeed.Fixed);

    [Fact]
    public void So_do_those_of_the_seed_of_this_run() => Attack(FuzzSeed.OfThisRun);

    private void Attack(int seed)
    {
        using var certificate = TestCertificate.SelfSigned("localhost");
        string chain = _folder.Write("../chain", certificate.Pem);
        string key = _folder.Write("../key", certificate.KeyPem);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using var server = ServerProcess.Serve(published.TlsBinary, "--tls-cert", chain, "--tls-key", key);
        int sockets = Proc.SocketCount(server.Pid);
        var random = new Random(seed);
        using (var keepAlive = new RawClient(server.Port, new SslClientAuthenticationOptions()))
        {
            Assert.Equal(200, keepAlive.Get("/").Status);
            IReadOnlyList<string> threads = Proc.SettledThreadNames(server.Pid);
            for (int i = 0; i < Rounds; i++)
            {
                Exchange(server.Port, random);
                if (i % 50 == 0)
                {
                    using var fresh = new RawClient(server.Port, new SslClientAuthenticationOptions());
                    Assert.True(fresh.Get("/").Status == 200 && keepAlive.Get("/").Status == 200, $"{FuzzSeed.Replay(seed)}, exchange {i}");
                }
            }

            Assert.Equal(threads, Proc.ThreadNames(server.Pid));
        }

        Eventually.Holds(() => Proc.SocketCount(server.Pid) <= sockets, "every connection is closed");
        server.Signal(Posix.SIGTERM);
        Assert.Equal(0, server.WaitForOutput());
        Assert.Empty(server.Stderr); // A line there tells of an exception in a turn.
    }

    /// <summary>One connection. What the server answers and when it closes is up to OpenSSL; that it closes is seen at the end.</summary>
    private static void Exchange(int port, Random random)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        try
        {
            if (random.Next(4) == 0)
            {
                // Not disposed of: that would end the session.
                new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: true, (_, _, _, _) => true).AuthenticateAsClient("localhost");
            }

            byte[] bytes = Next(random);
            for (int at = 0; at < bytes.Length;)
            {
                int length = random.Next(3) == 0 ? random.Next(1, bytes.Length - at + 1) : bytes.Length - at;
                at += socket.Send(bytes.AsSpan(at, length));
            }

            switch (random.Next(3))
            {
                case 0:
                    socket.LingerState = new LingerOption(enable: true, seconds: 0);
                    break;
                case 1:
                    socket.Shutdown(SocketShutdown.Send);
                    break;
                default:
                    break;
            }
        }
        catch (SocketException)
        {
            // The server has had enough of it.
        }
    }

    /// <summary>A ClientHello or some records of any type, with some bytes changed, cut out, doubled, or cut off.</summary>
    private static byte[] Next(Random random)
    {
        List<byte> bytes = [];
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            byte[] record = random.Next(2) == 0 ? ClientHello.Make() : Record(random);
            bytes.AddRange(record);
        }

        for (int i = random.Next(6); i > 0 && bytes.Count > 1; i--)
        {
            int at = random.Next(2) == 0 ? random.Next(int.Min(64, bytes.Count)) : random.Next(bytes.Count);
            int length = random.Next(1, int.Min(20, bytes.Count - at) + 1);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. random.Next(3) == 0 ? bytes.GetRange(0, random.Next(bytes.Count + 1)) : bytes];
    }

    /// <summary>A record of a type that there is or nearly is, with a length that holds or not.</summary>
    private static byte[] Record(Random random)
    {
        byte[] content = new byte[random.Next(8) == 0 ? random.Next(20_000) : random.Next(100)];
        random.NextBytes(content);
        int length = random.Next(4) == 0 ? random.Next(65_536) : content.Length;
        return [(byte)random.Next(19, 26), 3, (byte)random.Next(5), (byte)(length >> 8), (byte)length, .. content];
    }
}
