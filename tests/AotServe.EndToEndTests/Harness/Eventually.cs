using System;
using System.Diagnostics;
using System.Net.Sockets;
using System.Threading;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>Waits for what comes about in another process, where nothing tells when.</summary>
internal static class Eventually
{
    /// <summary>Asks again and again until the condition holds; fails the test if that does not come about.</summary>
    public static void Holds(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); Thread.Sleep(2))
        {
            Assert.True(watch.Elapsed < ServerProcess.Bound, $"This did not come about: {what}.");
        }
    }

    /// <summary>Waits until nobody listens on a port of 127.0.0.1 any more: the stop has begun.</summary>
    public static void Refuses(int port) => Holds(() => !Accepts(port), "connections are refused");

    /// <summary>Waits until somebody listens on a port of 127.0.0.1.</summary>
    public static void Listens(int port) => Holds(() => Accepts(port), "connections are accepted");

    private static bool Accepts(int port)
    {
        try
        {
            using var client = new RawClient(port);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
