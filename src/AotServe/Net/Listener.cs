using System;
using System.Net.Sockets;
using System.Threading;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>
/// Accepts connections from one listening socket. When descriptors or places run out it pauses, with the clients waiting
/// in the kernel's queue, and goes on when a connection has closed.
/// </summary>
internal sealed class Listener(Server server, Socket socket) : PolledSocket
{
    /// <summary>How many connections one turn accepts before they have theirs.</summary>
    private const int Batch = 64;

    /// <summary>Where nothing keeps new clients from a shared queue, more than it holds is not taken from it.</summary>
    private const int MostShared = 4096;

    /// <summary>How long a handshake on this machine takes at most, ms.</summary>
    private const int Handshake = 2;

    /// <summary>
    /// Where nobody was accepted for this long, ms, nobody is likely to be on the way: a handshake takes a thousandth of it,
    /// but on a processor that others keep busy.
    /// </summary>
    private const int RecentlyBusy = 20;

    /// <summary>
    /// The most bytes, about, that the kernel keeps of an answer beyond those on their way to a client, where there are many
    /// clients. With what it takes otherwise, some thousand that do not read use up all of its memory for TCP, and no one
    /// else gets on.
    /// </summary>
    private const int Unsent = 128 * 1024;

    private readonly object _accepting = new();
    private bool _closed;
    private long _lastAccepted = -RecentlyBusy;

    /// <summary>Whether connections wait in the kernel's queue for want of a place.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Takes a turn at accepting. Called by the owner, on a worker's thread.</summary>
    public override void Execute()
    {
        do
        {
            if (AcceptBatch(Batch) == Batch)
            {
                server.Queue(this, atEnd: true); // There may be more; the accepted ones come first.
                return;
            }

            lock (_accepting)
            {
                if (!IsPaused && !_closed)
                {
                    Poll(server.Poller, socket, forWriting: false);
                }
            }
        }
        while (!TryRelease());
    }

    /// <summary>
    /// Ends the listening: accepts what the kernel has queued, unless that is another's, and closes. Called by any
    /// thread, once, when a stop begins.
    /// </summary>
    public void Close(AcceptQueueOwner owner)
    {
        lock (_accepting)
        {
            // A filter would be that of every process which has the socket open.
            if (OperatingSystem.IsLinux() && owner == AcceptQueueOwner.ThisServer)
            {
                _ = LinuxSockets.RefuseNewConnections(socket);
            }

            if (owner != AcceptQueueOwner.Successor)
            {
                AcceptBatch(owner == AcceptQueueOwner.ThisServer ? int.MaxValue : MostShared);
            }

            if (owner == AcceptQueueOwner.ThisServer && Environment.TickCount64 - _lastAccepted < RecentlyBusy)
            {
                // A handshake that was under way when the door was shut ends in a moment, and is in the queue then.
                Thread.Sleep(Handshake);
                AcceptBatch(int.MaxValue);
            }

            server.Poller.RemoveShared(Slot, socket);
            _closed = true;
            socket.Dispose();
        }
    }

    /// <summary>
    /// Accepts up to <paramref name="most"/> connections. Each has its first turn at once, for its request is likely here
    /// already, but behind those that came before it. The first is for this worker, when it is done here; for more than
    /// that, others are woken.
    /// </summary>
    private int AcceptBatch(int most)
    {
        lock (_accepting)
        {
            int accepted = 0;
            IsPaused = false;
            while (accepted < most && !_closed)
            {
                if (!server.Connections.HasRoom && !server.IsStopping)
                {
                    IsPaused = true;
                    server.Connections.EvictIdle();
                    break;
                }

                try
                {
                    // A Socket has no accept that says "nothing there" without an exception: so ask first.
                    if (!socket.Poll(0, SelectMode.SelectRead))
                    {
                        break;
                    }

                    Socket client = socket.Accept();
                    client.Blocking = false;
                    if (server.Connections.Count >= server.Limits.FreelySending && OperatingSystem.IsLinux())
                    {
                        _ = LinuxSockets.LimitUnsent(client, Unsent);
                    }

                    accepted++;
                    _lastAccepted = Environment.TickCount64;
                    if (server.Connections.TryAdd(client) is { } connection)
                    {
                        server.Queue(connection, atEnd: accepted == 1);
                    }
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.TooManyOpenSockets
                    or SocketError.NoBufferSpaceAvailable)
                {
                    IsPaused = true;
                    break;
                }
                catch (OutOfMemoryException e)
                {
                    server.ReportFault(e);
                    IsPaused = true;
                    break;
                }
                catch (SocketException)
                {
                    // That client has gone again (accept(2): errors of the new connection); look at the next one.
                }
            }

            return accepted;
        }
    }
}
