#if TEST_HOOKS
using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.TestHooks;

/// <summary>Tries, from inside the process, what the sandbox refuses, for the end-to-end tests.</summary>
[SupportedOSPlatform("linux")]
internal static class SandboxProbe
{
    /// <summary>
    /// <c>read=PATH</c>, <c>write=PATH</c>, <c>run=PATH</c>, <c>connect=PORT</c>, <c>bind=PORT</c> or
    /// <c>abstract=NAME</c>, with <c>!</c> in front on the thread that runs finalizers. Returns what the system said:
    /// <c>0</c>, or an error number.
    /// </summary>
    public static string Try(string query)
    {
        int result = query.StartsWith('!') ? OnFinalizerThread(query[1..]) : -Attempt(query);
        return result.ToString(CultureInfo.InvariantCulture);
    }

    private static int OnFinalizerThread(string query)
    {
        int result = int.MaxValue;
        FinalizerThread.Run(() => result = -Attempt(query));
        return result;
    }

    private static int Attempt(string query)
    {
        string[] parts = query.Split('=', 2);
        return parts[0] switch
        {
            "read" => ProbeCalls.Read(parts[1]),
            "write" => ProbeCalls.Write(parts[1]),
            "run" => ProbeCalls.Run(parts[1]),
            "connect" => Call(AddressFamily.InterNetwork, s => s.Connect(Loopback(parts[1]))),
            "bind" => Call(AddressFamily.InterNetwork, s => s.Bind(Loopback(parts[1]))),
            "abstract" => Call(AddressFamily.Unix, s => s.Connect(new UnixDomainSocketEndPoint("\0" + parts[1]))),
            _ => throw new ArgumentException(query),
        };
    }

    private static IPEndPoint Loopback(string port) => new(IPAddress.Loopback, int.Parse(port, CultureInfo.InvariantCulture));

    private static int Call(AddressFamily family, Action<Socket> call)
    {
        using var socket = new Socket(family, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            call(socket);
            return 0;
        }
        catch (SocketException e)
        {
            return -e.NativeErrorCode;
        }
    }
}
#endif
