using System.Threading;

namespace AotServe.Net;

/// <summary>
/// How many connections may have the kernel hold a large part of a response that it has not sent yet. That saves work where
/// clients are fast, but a client that does not read makes the kernel keep it. Any thread may call.
/// </summary>
/// <param name="most">The most connections.</param>
internal sealed class SendAllowance(long most)
{
    private long _taken;

    /// <summary>Takes one, which the connection returns when it closes. False: there is none left.</summary>
    public bool TryTake()
    {
        // Where none is left, many connections ask in vain, and need not contend for it.
        if (Volatile.Read(ref _taken) >= most)
        {
            return false;
        }

        if (Interlocked.Increment(ref _taken) <= most)
        {
            return true;
        }

        Return();
        return false;
    }

    /// <summary>Gives one back.</summary>
    public void Return() => Interlocked.Decrement(ref _taken);
}
