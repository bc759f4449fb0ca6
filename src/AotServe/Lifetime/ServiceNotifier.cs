using System;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// Tells the service manager the state of this process (sd_notify(3)), in datagrams to the socket that NOTIFY_SOCKET names.
/// Without that variable, as outside of systemd, every call does nothing. The first message that cannot be delivered is
/// reported on stderr. Any thread may call.
/// </summary>
internal sealed class ServiceNotifier
{
    /// <summary>The address of the manager's socket. It stays in the environment, for a successor.</summary>
    public const string SocketVariable = "NOTIFY_SOCKET";

    /// <summary>The watchdog's time, in microseconds: without a message for so long, the manager takes the process for hung.</summary>
    public const string WatchdogVariable = "WATCHDOG_USEC";

    /// <summary>The process that the watchdog is for; absent: any process.</summary>
    public const string WatchdogProcessVariable = "WATCHDOG_PID";

    private const int MaxBeatInterval = 1_000;
    private const int SendTimeout = 1_000;

    private readonly UnixDomainSocketEndPoint? _manager;
    private readonly int _pid;
    private readonly long _watchdogInterval = long.MaxValue;
    private readonly Action<string> _reportError;
    private long _nextWatchdog;
    private int _hasReported;
    private volatile bool _isSilent;
    private volatile string? _status;

    /// <summary>Reads the variables.</summary>
    /// <param name="environment">Looks a variable up; null where it is not set.</param>
    /// <param name="pid">This process's id.</param>
    /// <param name="reportError">Is told, once, of a message that could not be delivered.</param>
    public ServiceNotifier(Func<string, string?> environment, int pid, Action<string> reportError)
    {
        _pid = pid;
        _reportError = reportError;
        if (environment(SocketVariable) is not { Length: > 1 } address)
        {
            return;
        }

        try
        {
            // "@" stands for the NUL that an abstract address begins with (unix(7)).
            if (address[0] is '/' or '@')
            {
                _manager = new UnixDomainSocketEndPoint(address[0] == '@' ? "\0" + address[1..] : address);
            }
            else
            {
                WriteError("its address is neither a path nor abstract"u8.Text());
            }
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            WriteError(e is ArgumentException ? "its address is too long for a socket" : "this system has no such sockets");
        }

        if (environment(WatchdogProcessVariable) is { } meant && meant != pid.ToString(CultureInfo.InvariantCulture))
        {
            return;
        }

        if (_manager is not null
            && long.TryParse(environment(WatchdogVariable), NumberStyles.None, CultureInfo.InvariantCulture, out long time)
            && time > 0)
        {
            _watchdogInterval = Math.Max(1, time / 2 / 1_000);
        }
    }

    /// <summary>How often <see cref="Beat"/> has to be called, in milliseconds, 1 to 1000, so that the watchdog hears in time.</summary>
    public int BeatInterval => (int)Math.Clamp(_watchdogInterval / 4, 1, MaxBeatInterval);

    /// <summary>This process serves, and is the service's main process.</summary>
    /// <param name="status">What <c>systemctl status</c> shows, one line.</param>
    public void Ready(string status)
    {
        _status = status;
        if (_manager is not null)
        {
            Tell($"READY=1\nMAINPID={_pid}\nSTATUS={status}");
        }
    }

    /// <summary>The configuration is being read again; <see cref="Reloaded"/> ends it.</summary>
    public void Reloading() =>
        Tell($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond}");

    /// <summary>The configuration has been read again.</summary>
    public void Reloaded() => Ready(_status ?? "");

    /// <summary>The stop begins, and takes at most this long.</summary>
    public void Stopping(TimeSpan atMost)
    {
        if (_manager is not null)
        {
            Tell($"STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC={(atMost.Ticks / TimeSpan.TicksPerMicrosecond) + 5_000_000}");
        }
    }

    /// <summary>Another process is the service's main process from now on.</summary>
    public void MainProcessIs(int pid) => Tell($"MAINPID={pid}");

    /// <summary>Sends nothing more: another process sends the service's messages.</summary>
    public void StopSending() => _isSilent = true;

    /// <summary>
    /// Tells the watchdog that this process works, each time half of the watchdog's time has passed after
    /// <see cref="Ready"/>. Called by a worker: if all workers hang, the manager hears nothing. Does not wait.
    /// </summary>
    /// <param name="now">As <see cref="Environment.TickCount64"/>.</param>
    public void Beat(long now)
    {
        if (_watchdogInterval == long.MaxValue || _status is null || now < Volatile.Read(ref _nextWatchdog))
        {
            return;
        }

        Volatile.Write(ref _nextWatchdog, now + _watchdogInterval);
        Tell("WATCHDOG=1", timeout: 0);
    }

    /// <summary>Sends one datagram, over a socket of its own: messages are rare, and the manager may have restarted since the last.</summary>
    private void Tell(string message, int timeout = SendTimeout)
    {
        if (_manager is null || _isSilent)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Blocking = timeout > 0;
            socket.SendTimeout = timeout;
            OutgoingSocket.Connect(socket, _manager);
            socket.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException e)
        {
            WriteError(ErrorText.Describe(e));
        }
    }

    private void WriteError(string why)
    {
        if (Interlocked.Exchange(ref _hasReported, 1) == 0)
        {
            _reportError("the service manager cannot be told of this server ("u8.Text() + SocketVariable + "): " + why);
        }
    }
}
