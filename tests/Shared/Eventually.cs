using System;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Xunit;

namespace AotServe.Tests.Shared;

/// <summary>Waits for a state that nothing announces: a change in another process, or on another thread.</summary>
internal static class Eventually
{
    /// <summary>How long a state may take before the test fails. On a machine that is not busy no test waits that long.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Asks again and again until the condition holds; fails the test if it does not within <see cref="Bound"/>.</summary>
    /// <param name="condition">What is asked.</param>
    /// <param name="what">The condition in words, for the message.</param>
    public static void Holds(Func<bool> condition, string what)
    {
        for (var watch = Stopwatch.StartNew(); !condition(); Thread.Sleep(2))
        {
            Assert.True(watch.Elapsed < Bound, $"This did not come about: {what}.");
        }
    }

    /// <summary>The same for what takes some microseconds, and is waited for very often.</summary>
    public static void HoldsSoon(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Bound), $"This did not come about: {what}.");

    /// <summary>Takes a value again and again until it is the right one, and returns that one.</summary>
    public static T Is<T>(Func<T> value, Predicate<T> isRight, string what)
        where T : notnull
    {
        T last = default!;
        Holds(() => isRight(last = value()), what);
        return last;
    }

    /// <summary>Waits until nobody listens on a port of 127.0.0.1 any more: the server has begun to stop.</summary>
    public static void Refuses(int port) => Holds(() => !Accepts(port), "connections are refused");

    /// <summary>Waits until somebody listens on a port of 127.0.0.1.</summary>
    public static void Listens(int port) => Holds(() => Accepts(port), "connections are accepted");

    private static bool Accepts(int port)
    {
        try
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
