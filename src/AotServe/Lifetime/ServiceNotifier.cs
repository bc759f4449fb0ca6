using System;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading;

namespace AotServe.Lifetime;

/// <summary>
/// Tells the service manager how this process is (sd_notify(3)): datagrams to the socket that NOTIFY_SOCKET names. Where
/// it names none, as outside of systemd, every call does nothing. A message that cannot be delivered is reported once
/// and changes nothing. Any thread may call.
/// </summary>
internal sealed class ServiceNotifier
{
    /// <summary>Where the manager listens; taken from the environment by nobody else, and left there for a successor.</summary>
    public const string SocketVariable = "NOTIFY_SOCKET";

    /// <summary>In how many microseconds the manager wants to hear of this process again and again …</summary>
    public const string WatchdogVariable = "WATCHDOG_USEC";

    /// <summary>… if this is its id, or absent.</summary>
    public const string WatchdogProcessVariable = "WATCHDOG_PID";

    private const int LongestSweepInterval = 1_000;
    private const int Patience = 1_000;

    private readonly UnixDomainSocketEndPoint? _manager;
    private readonly int _pid;
    private readonly long _watchdogInterval = long.MaxValue;
    private readonly Action<string> _complain;
    private long _nextWatchdog;
    private int _complained;
    private volatile bool _silent;
    private volatile string? _status;

    /// <summary>Reads the variables.</summary>
    /// <param name="environment">Looks a variable up; null where it is not set.</param>
    /// <param name="pid">This process's id.</param>
    /// <param name="reportError">Is told, once, of a message that could not be delivered.</param>
    public ServiceNotifier(Func<string, string?> environment, int pid, Action<string> reportError)
    {
        _pid = pid;
        _complain = reportError;
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
                WriteError("its address is neither a path nor abstract");
            }
        }
        catch (Exception e) when (e is ArgumentException or PlatformNotSupportedException)
        {
            WriteError(e.Message);
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

    /// <summary>How often <see cref="Beat"/> has to be called, in milliseconds, 1 to 1000, for the watchdog to be fed in time.</summary>
    public int BeatInterval => (int)Math.Clamp(_watchdogInterval / 4, 1, LongestSweepInterval);

    /// <summary>This process serves, and is the one that counts.</summary>
    /// <param name="status">What <c>systemctl status</c> shows, one line.</param>
    public void Ready(string status)
    {
        _status = status;
        Tell($"READY=1\nMAINPID={_pid}\nSTATUS={status}");
    }

    /// <summary>The configuration is being read again; <see cref="Reloaded"/> ends it.</summary>
    public void Reloading() =>
        Tell($"RELOADING=1\nMONOTONIC_USEC={Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond}");

    /// <summary>The configuration has been read again.</summary>
    public void Reloaded() => Ready(_status ?? "");

    /// <summary>The stop begins, and may take so long before this process ends by itself.</summary>
    public void Stopping(TimeSpan atMost) => Tell(
        $"STOPPING=1\nSTATUS=Stopping\nEXTEND_TIMEOUT_USEC={(atMost.Ticks / TimeSpan.TicksPerMicrosecond) + 5_000_000}");

    /// <summary>Another process is the one that counts from now on.</summary>
    public void MainProcessIs(int pid) => Tell($"MAINPID={pid}");

    /// <summary>Nothing more is told: another process speaks for the service.</summary>
    public void FallSilent() => _silent = true;

    /// <summary>
    /// Feeds the manager's watchdog when half of its time has passed, from <see cref="Ready"/> on. Called by a worker, so that the manager hears
    /// nothing if none comes around; does not wait.
    /// </summary>
    /// <param name="now">As <see cref="Environment.TickCount64"/>.</param>
    public void Beat(long now)
    {
        if (_watchdogInterval == long.MaxValue || _status is null || now < Volatile.Read(ref _nextWatchdog))
        {
            return;
        }

        Volatile.Write(ref _nextWatchdog, now + _watchdogInterval);
        Tell("WATCHDOG=1", patience: 0);
    }

    /// <summary>One datagram. A socket for each: they are rare, and one that is kept would outlive a manager's restart.</summary>
    private void Tell(string message, int patience = Patience)
    {
        if (_manager is null || _silent)
        {
            return;
        }

        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Blocking = patience > 0;
            socket.SendTimeout = patience;
            socket.Connect(_manager);
            socket.Send(Encoding.UTF8.GetBytes(message));
        }
        catch (SocketException e)
        {
            WriteError(e.Message);
        }
    }

    private void WriteError(string why)
    {
        if (Interlocked.Exchange(ref _complained, 1) == 0)
        {
            _complain($"the service manager cannot be told of this server ({SocketVariable}): {why}");
        }
    }
}
