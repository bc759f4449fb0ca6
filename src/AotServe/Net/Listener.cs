using System;
using System.Net.Sockets;
using System.Threading;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>
/// Accepts connections from one listening socket. It pauses when there are no more descriptors, or as many connections as
/// allowed. New clients then wait in the kernel's accept queue until a connection closes.
/// </summary>
/// <param name="server">Whose listener it is.</param>
/// <param name="served">The socket, which is owned, and what answers those who come by it.</param>
internal sealed class Listener(Server server, ServedSocket served) : PolledSocket
{
    /// <summary>The most connections that are accepted in one turn. Their own first turns come before the next of this.</summary>
    private const int Batch = 64;

    /// <summary>
    /// The most connections that a stop accepts from a queue that other processes share. New clients keep coming there, so
    /// it may never be empty.
    /// </summary>
    private const int MaxFromSharedQueue = 4096;

    /// <summary>The longest that a handshake on this machine is waited for, ms.</summary>
    private const int HandshakeTime = 2;

    /// <summary>
    /// A handshake may be in progress if a connection was accepted within this time, ms. A handshake takes about a thousandth
    /// of it, but longer where the processors are busy.
    /// </summary>
    private const int RecentlyAccepted = 20;

    private readonly Socket _socket = served.Socket;
    private readonly object _accepting = new();
    private readonly UnixSocketFile? _file = UnixSocketFile.Of(served.Socket);
    private bool _isClosed;
    private long _lastAccepted = -RecentlyAccepted;

    /// <summary>Whether no more connections can be accepted for now, so that new ones wait in the kernel's accept queue.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>Accepts a batch of connections. Called by the owner, on a worker's thread.</summary>
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
                if (!IsPaused && !_isClosed)
                {
                    Poll(server.Poller, _socket, forWriting: false);
                }
            }
        }
        while (!TryRelease());
    }

    /// <summary>
    /// Stops listening: accepts the connections in the kernel's queue, unless they are another process's, and closes the
    /// socket. Called once, by any thread, when a stop begins.
    /// </summary>
    public void Close(AcceptQueueOwner owner)
    {
        lock (_accepting)
        {
            // Who comes from now on finds nobody, as at a closed port; who has come is in the queue.
            if (owner == AcceptQueueOwner.ThisServer && _file is not null && !_file.TryRemove())
            {
                server.Report?.Invoke(_file.Path + " could not be removed, for this user may not write to its folder; a server that listens there next takes its place"u8.Text());
            }

            // A socket filter applies to every process that has the socket open.
            if (OperatingSystem.IsLinux() && owner == AcceptQueueOwner.ThisServer && _file is null)
            {
                _ = LinuxSockets.RefuseNewConnections(_socket);
            }

            if (owner != AcceptQueueOwner.Successor)
            {
                AcceptBatch(owner == AcceptQueueOwner.ThisServer ? int.MaxValue : MaxFromSharedQueue);
            }

            if (owner == AcceptQueueOwner.ThisServer && Environment.TickCount64 - _lastAccepted < RecentlyAccepted)
            {
                // A handshake that had begun before the filter was set ends within this time, and is then in the queue.
                Thread.Sleep(HandshakeTime);
                AcceptBatch(int.MaxValue);
            }

            server.Poller.RemoveShared(Slot, _socket);
            _isClosed = true;
            _socket.Dispose();
        }
    }

    /// <summary>
    /// Accepts up to <paramref name="most"/> connections. Each is queued at once, because its request has probably arrived
    /// already. This worker handles the first one when it is done here; for each further one another worker is woken.
    /// </summary>
    private int AcceptBatch(int most)
    {
        lock (_accepting)
        {
            int accepted = 0;
            IsPaused = false;
            while (accepted < most && !_isClosed)
            {
                if (!server.Connections.HasRoom && !server.IsStopping)
                {
                    IsPaused = true;
                    server.Connections.MakeRoom();
                    server.SweepSoon();
                    break;
                }

                try
                {
                    // Socket.Accept throws where there is no connection to accept, so ask first.
                    if (!_socket.Poll(0, SelectMode.SelectRead))
                    {
                        break;
                    }

                    Socket client = _socket.Accept();
                    client.Blocking = false;
                    accepted++;
                    _lastAccepted = Environment.TickCount64;
                    if (server.Connections.TryAdd(client, served) is { } connection)
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
                    // The client has closed its connection already (accept(2)). The next one may be there.
                }
            }

            return accepted;
        }
    }
}
