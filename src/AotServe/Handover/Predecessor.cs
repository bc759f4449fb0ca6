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

    /// <summary>What a secret of the predecessor begins with, before its length in two bytes.</summary>
    public const byte Secret = (byte)'S';

    /// <summary>How long the secret is waited for, ms. It was sent before this process was started.</summary>
    private const int SecretTime = 1_000;

    /// <summary>
    /// Receives the secret that the predecessor has sent, if it has one. The first thing that is received. Null: it has sent none.
    /// </summary>
    public byte[]? ReceiveSecret()
    {
        if (channel.Receive(SecretTime) != Secret || channel.Receive(SecretTime) is not (>= 0 and var low) || channel.Receive(SecretTime) is not (>= 0 and var high))
        {
            return null;
        }

        byte[] secret = new byte[low + (high << 8)];
        for (int i = 0; i < secret.Length; i++)
        {
            int value = channel.Receive(SecretTime);
            if (value < 0)
            {
                return null;
            }

            secret[i] = (byte)value;
        }

        return secret;
    }

    /// <summary>Sends a secret to a successor, which reads it with <see cref="ReceiveSecret"/>.</summary>
    public static void SendSecret(Channel channel, ReadOnlySpan<byte> secret)
    {
        _ = channel.Send(Secret);
        _ = channel.Send((byte)secret.Length);
        _ = channel.Send((byte)(secret.Length >> 8));
        foreach (byte value in secret)
        {
            _ = channel.Send(value);
        }
    }

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
