using System;
using System.Net.Sockets;
using AotServe.Native;

namespace AotServe.Net;

/// <summary>
/// Bounds how much of a connection's responses the kernel holds that it has not sent yet (TCP_NOTSENT_LOWAT, tcp(7)). With the
/// kernel's own limit, some megabytes, about a thousand clients that do not read use up all of its TCP memory, and no other
/// connection can send. Elsewhere than on Linux the kernel decides alone. Used by the thread that owns the connection.
/// </summary>
/// <param name="allowance">How many connections may have the larger bound.</param>
internal struct UnsentBytes(SendAllowance allowance)
{
    /// <summary>The bound in bytes. Set once a response, or what was taken of many, is larger.</summary>
    private const int Most = 128 * 1024;

    /// <summary>The bound for a client that has shown that it reads.</summary>
    private const int MostForReader = 1024 * 1024;

    /// <summary>How many bytes a client has to take to show it.</summary>
    private const int ShowsThatItReads = 512 * 1024;

    private int _bound;
    private long _taken;

    /// <summary>The kernel has taken bytes.</summary>
    public void Took(long count) => _taken += count;

    /// <summary>Sets the bound that fits, before something is sent.</summary>
    /// <param name="socket">The connection's.</param>
    /// <param name="length">The bytes of the response that are still to be sent.</param>
    public void Bound(Socket socket, long length)
    {
        bool reads = _taken >= ShowsThatItReads;
        if (!OperatingSystem.IsLinux()
            || _bound == MostForReader
            || (_bound == Most && !reads)
            || (length <= Most && _taken <= Most))
        {
            return;
        }

        int bound = reads && allowance.TryTake() ? MostForReader : Most;
        if (bound != _bound)
        {
            _ = LinuxSockets.LimitUnsent(socket, bound);
            _bound = bound;
        }
    }

    /// <summary>The connection closes: returns its part of the allowance.</summary>
    public void Close()
    {
        if (_bound == MostForReader)
        {
            allowance.Return();
            _bound = Most;
        }
    }
}
