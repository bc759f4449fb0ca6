using System.Threading;

namespace AotServe.Net;

/// <summary>
/// A socket that the poller watches, and who owns it: at most one thread at a time may touch it. Ownership is one
/// atomic field, so that an event, the deadline sweep and a stop cannot have the same connection at once.
/// </summary>
internal abstract class PolledSocket : IThreadPoolWorkItem
{
    private const int Idle = 0;
    private const int Owned = 1;

    // Owned, and something happened meanwhile: the owner has to look again before it lets go.
    private const int OwnedPending = 2;

    private int _ownership = Owned;
    private volatile bool _hangUp;

    /// <summary>Its number with the poller and in the <see cref="SocketTable"/>.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Whether the poller has said that the peer will send no more than what is already received.</summary>
    protected bool HangUp => _hangUp;

    /// <summary>Does what can be done without waiting. Called by the owner; ends by letting go or by closing.</summary>
    public abstract void Execute();

    /// <summary>
    /// Tries to become the owner. False: somebody else is, and will look again before letting go. Called by any thread.
    /// </summary>
    public bool TryOwn(bool hangUp = false)
    {
        if (hangUp)
        {
            _hangUp = true;
        }

        while (true)
        {
            int was = Interlocked.CompareExchange(ref _ownership, Owned, Idle);
            if (was == Idle)
            {
                return true;
            }

            if (was == OwnedPending || Interlocked.CompareExchange(ref _ownership, OwnedPending, Owned) == Owned)
            {
                return false;
            }
        }
    }

    /// <summary>Lets go. False: something happened meanwhile; the caller is still the owner and has to look again.</summary>
    protected bool TryRelease()
    {
        if (Interlocked.CompareExchange(ref _ownership, Idle, Owned) == Owned)
        {
            return true;
        }

        Volatile.Write(ref _ownership, Owned);
        return false;
    }
}
