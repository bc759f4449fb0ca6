using System;
using System.Collections.Generic;
using System.Net.Sockets;
using AotServe.Net;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>The forms of <see cref="IPoller"/> that this system has, and what their tests do with each.</summary>
internal static class PollerForms
{
    public static TheoryData<string> All => OperatingSystem.IsLinux() ? ["epoll", "select"] : ["select"];

    public static IPoller Create(string form) =>
        form == "select" ? new SelectPoller() : OperatingSystem.IsLinux() ? new EpollPoller() : throw new PlatformNotSupportedException();

    /// <summary>Takes the events that came for nothing; nothing is armed again.</summary>
    public static void AwaitQuiet(IPoller poller)
    {
        while (poller.Wait(new ReadyEvent[4], 0) > 0)
        {
            // The next one, until there is none.
        }
    }

    /// <summary>Reads until there is no more, as an owner has to before it arms.</summary>
    public static byte[] ReceiveAll(Socket socket)
    {
        List<byte> received = [];
        byte[] buffer = new byte[64];
        while (socket.Receive(buffer, SocketFlags.None, out _) is > 0 and int count)
        {
            received.AddRange(buffer.AsSpan(0, count));
        }

        return [.. received];
    }
}
