#if TEST_HOOKS
using System;
using System.Buffers.Text;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using AotServe.Http;
using AotServe.Lifetime;
using AotServe.Workers;
using Microsoft.Win32.SafeHandles;

namespace AotServe.TestHooks;

/// <summary>
/// Ways to make a server misbehave from outside, for the end-to-end tests, and to see what it allocates, for the
/// benchmarks. Compiled into a binary of their own (<c>publish.sh --test-hooks</c>), never into one that is for use.
/// </summary>
internal sealed class HookedSite(IRequestHandler site, StopRequest stop) : IRequestHandler
{
    private readonly object _meeting = new();
    private int _present;

    public BodyUse UseOfBody(RequestHead head) => head.Path.SequenceEqual("/__hooks/throw-at-head"u8)
        ? throw new InvalidOperationException("asked to throw at the head")
        : site.UseOfBody(head);

    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        // What is no hook passes without an allocation, or the counter would count this class.
        if (!head.Path.StartsWith("/__hooks/"u8))
        {
            site.Answer(head, body, response);
            return;
        }

        switch (Encoding.ASCII.GetString(head.Path))
        {
            case "/__hooks/allocated":
                EndWithNumber(response, GC.GetTotalAllocatedBytes(precise: true)); // by all threads since the start
                return;
            case "/__hooks/live":
                EndWithNumber(response, GC.GetTotalMemory(forceFullCollection: true)); // what is still referred to
                return;
            case "/__hooks/locks":
                EndWithNumber(response, WorkQueue.LockAcquisitions); // of the queue of the workers, since the start
                return;
            case "/__hooks/contended":
                EndWithNumber(response, Monitor.LockContentionCount); // of all locks, since the start
                return;
            case "/__hooks/exit":
                Exit(Encoding.ASCII.GetString(head.Query));
                break;
            case "/__hooks/meet":
                Meet(int.Parse(head.Query, CultureInfo.InvariantCulture));
                break;
            case "/__hooks/try" when OperatingSystem.IsLinux():
                response.Start(200);
                response.EndWithBody(Encoding.ASCII.GetBytes(SandboxProbe.Try(Encoding.ASCII.GetString(head.Query))));
                return;
            case "/__hooks/throw":
                throw new InvalidOperationException("asked to throw");
            case "/__hooks/throw-halfway":
                response.Start(200);
                response.EndWithBody("half of an answer"u8);
                throw new InvalidOperationException("asked to throw halfway");
            case "/__hooks/throw-as-runtime":
                _ = ThrowAsRuntime(Encoding.ASCII.GetString(head.Query));
                break;
            case "/__hooks/no-answer":
                return;
            case "/__hooks/throw-in-main":
                stop.OnStop = () => throw new InvalidOperationException("asked to throw in Main");
                stop.Request("a test");
                break;
            default:
                site.Answer(head, body, response);
                return;
        }

        response.Start(200);
        response.EndWithBody("done\n"u8);
    }

    private static void EndWithNumber(Response response, long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out int length);
        response.Start(200);
        response.EndWithBody(digits[..length]);
    }

    /// <summary>Has the runtime throw an exception with a text of its own.</summary>
    private static object ThrowAsRuntime(string query) => query switch
    {
        "no-file" => File.OpenHandle("/nowhere/at/all"),
        "folder" => File.OpenHandle("/"),
        "too-long" => File.OpenHandle("/" + new string('a', 5000)),
        "full" => WriteTo("/dev/full"),
        "socket" => new UnixDomainSocketEndPoint(new string('a', 1000)),
        "memory" => GC.AllocateUninitializedArray<byte>(Array.MaxLength),
        "number" => int.Parse(query, CultureInfo.InvariantCulture),
        "argument" => query[(query.Length + 1)..],
        "index" => query.ToCharArray()[query.Length],
        "cast" => (string)(object)query.ToCharArray(),
        "null" => Environment.GetEnvironmentVariable("AOTSERVE_NOTHING")!.Length,
        _ => throw new ArgumentException(query),
    };

    private static object WriteTo(string path)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, "x"u8, 0);
        return path;
    }

    /// <summary>Waits until so many workers are here at once: then each of them has done something.</summary>
    private void Meet(int workers)
    {
        lock (_meeting)
        {
            _present++;
            Monitor.PulseAll(_meeting);
            while (_present < workers)
            {
                Monitor.Wait(_meeting);
            }
        }
    }

    /// <summary><c>from=worker</c>, <c>from=other</c> or <c>from=main</c>, exit code 7.</summary>
    private void Exit(string query)
    {
        switch (query)
        {
            case "from=worker":
                Environment.Exit(7);
                break;
            case "from=main":
                stop.OnStop = () => Environment.Exit(7);
                stop.Request("a test");
                break;
            default:
                new Thread(() => Environment.Exit(7)) { IsBackground = true }.Start();
                break;
        }
    }
}
#endif
