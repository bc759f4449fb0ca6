using System;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Handover;

/// <summary>
/// The server that this process is to replace, as seen from here. Neither loses a client to the other: this one accepts
/// nobody before the other has said that it stops, and so can be ended by it at any time until then.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Predecessor(Channel channel) : IDisposable
{
    /// <summary>What a successor says when nothing is left to do for it but to accept.</summary>
    public const byte Ready = (byte)'R';

    /// <summary>What the predecessor answers when it stops.</summary>
    public const byte Go = (byte)'G';

    /// <summary>
    /// Whether it has ended, so that nobody else has the listening sockets open any more. Any thread may ask.
    /// </summary>
    public bool HasLeft => channel.Receive(0) == Channel.Closed;

    /// <summary>
    /// Says that this process is ready to accept, and waits until it may: the predecessor stops, or it has ended in some
    /// other way, which makes no difference for the clients that wait.
    /// </summary>
    public void AwaitLeave()
    {
        _ = channel.Send(Ready);
        _ = channel.Receive(-1);
    }

    public void Dispose() => channel.Dispose();
}
