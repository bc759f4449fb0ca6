using System.Net.Sockets;
using System.Threading;

namespace AotServe.Net;

/// <summary>
/// A socket that the poller watches, and who owns it: at most one thread at a time may touch it. Ownership is one atomic
/// field, so that an event, the deadline sweep and a stop cannot have the same connection at once.
/// </summary>
internal abstract class PolledSocket : IThreadPoolWorkItem
{
    private const int Free = 0;
    private const int Owned = 1;

    // Owned, and something happened meanwhile: the owner has to look again before it lets go.
    private const int OwnedPending = 2;

    private int _ownership = Owned;
    private volatile bool _isHungUp;
    private bool _isPolled;
    private bool _isPolledForWriting;

    /// <summary>Its number with the poller and in the <see cref="SocketTable"/>.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>
    /// Whether the poller has said that the peer will send no more than what is already received. Only some pollers say so.
    /// </summary>
    protected bool IsHungUp => _isHungUp;

    /// <summary>
    /// Does what can be done without waiting. Called by the owner, on a worker's thread; ends by letting go of the ownership,
    /// by queueing itself again or by closing.
    /// </summary>
    public abstract void Execute();

    /// <summary>
    /// Tries to become the owner. False: another thread is, and it will look again before it lets go. Any thread may call.
    /// </summary>
    /// <param name="isHungUp">Whether the poller has said that the peer will send no more.</param>
    public bool TryOwn(bool isHungUp = false)
    {
        if (isHungUp)
        {
            _isHungUp = true;
        }

        while (true)
        {
            int was = Interlocked.CompareExchange(ref _ownership, Owned, Free);
            if (was == Free)
            {
                return true;
            }

            if (was == OwnedPending || Interlocked.CompareExchange(ref _ownership, OwnedPending, Owned) == Owned)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// Lets go of the ownership. False: something happened meanwhile; the caller is still the owner and has to look again.
    /// </summary>
    protected bool TryRelease()
    {
        if (Interlocked.CompareExchange(ref _ownership, Free, Owned) == Owned)
        {
            return true;
        }

        Volatile.Write(ref _ownership, Owned);
        return false;
    }

    /// <summary>Has the poller tell of the next event. The first call adds the socket to the poller. Called by the owner.</summary>
    /// <param name="poller">The one poller of the server.</param>
    /// <param name="socket">This socket.</param>
    /// <param name="forWriting">Whether to wait until it can be written to, rather than read from.</param>
    /// <exception cref="SocketException">The kernel cannot watch it.</exception>
    protected void Poll(IPoller poller, Socket socket, bool forWriting)
    {
        if (!_isPolled)
        {
            _isPolled = true;
            poller.Add(Slot, socket);
        }

        if (forWriting && !_isPolledForWriting)
        {
            _isPolledForWriting = true;
            poller.AddWriting(Slot, socket);
        }

        poller.Arm(Slot, forWriting);
    }

    /// <summary>The same. False: the kernel cannot watch one more.</summary>
    protected bool TryPoll(IPoller poller, Socket socket, bool forWriting)
    {
        try
        {
            Poll(poller, socket, forWriting);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Has the poller forget the socket, before it is closed. Called by the owner.</summary>
    protected void StopPolling(IPoller poller)
    {
        if (_isPolled)
        {
            poller.Remove(Slot);
        }
    }
}
