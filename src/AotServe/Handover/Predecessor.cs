using System;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Handover;

/// <summary>
/// The server that this process replaces, at the other end of a channel. This process accepts no connection before the
/// predecessor says that it stops. Until then the predecessor can end this process, and no client is lost.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class Predecessor(Channel channel) : IDisposable
{
    /// <summary>The successor's message when it is ready to accept.</summary>
    public const byte Ready = (byte)'R';

    /// <summary>The predecessor's answer when it stops.</summary>
    public const byte Go = (byte)'G';

    /// <summary>
    /// Whether it has ended, and so has no listening sockets open any more. Any thread may ask.
    /// </summary>
    public bool HasLeft => channel.Receive(0) == Channel.Closed;

    /// <summary>
    /// Says that this process is ready to accept, and waits until it may accept: the predecessor stops, or has ended in
    /// another way.
    /// </summary>
    public void AwaitLeave()
    {
        _ = channel.Send(Ready);
        _ = channel.Receive(-1);
    }

    public void Dispose() => channel.Dispose();
}
