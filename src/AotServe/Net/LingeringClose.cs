using System;
using System.Net.Sockets;

namespace AotServe.Net;

/// <summary>
/// The end of a connection whose client may still be sending: FIN goes first, and what arrives is discarded until the client
/// has closed its side, or for a while. Closing at once would have the kernel reset the connection, and the last response could
/// be lost on the way (RFC 9112 §9.6).
/// </summary>
internal static class LingeringClose
{
    /// <summary>How many reads one turn discards before other connections have theirs.</summary>
    private const int DiscardsPerTurn = 16;

    /// <summary>Sends FIN. False: the client is gone already.</summary>
    public static bool TryStart(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Discards what the client still sends.</summary>
    /// <param name="socket">Non-blocking.</param>
    /// <param name="scratch">Any buffer.</param>
    /// <param name="due">When it ends, <see cref="Environment.TickCount64"/>, even for a client that never stops sending.</param>
    /// <returns>Wait: there is nothing. Yield: this turn has read enough. Close: the client has closed its side.</returns>
    public static ConnectionStep Discard(Socket socket, Span<byte> scratch, long due)
    {
        for (int reads = 0; reads < DiscardsPerTurn; reads++)
        {
            int count = socket.Receive(scratch, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
            {
                return ConnectionStep.Wait;
            }

            if (error != SocketError.Success || count == 0)
            {
                return ConnectionStep.Close;
            }
        }

        return Environment.TickCount64 < due ? ConnectionStep.Yield : ConnectionStep.Close;
    }
}
