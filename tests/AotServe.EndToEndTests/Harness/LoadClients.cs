using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using System.Threading;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// Clients that ask as fast as they are answered, each on a thread of its own, and hold every byte of every answer against
/// what it has to be. A keep-alive client goes on until the server says <c>Connection: close</c>; a fresh one opens a
/// connection per request. Whatever else happens to a request is a failure: refused, reset, closed, cut short, wrong.
/// </summary>
/// <remarks>
/// One thing is none, where a stop is tested: a connection that closes before a byte of the response, if the client was
/// slow. A connection has half a second after the stop began to send its last request. Where processors are scarce a
/// client may need longer, and could have seen the connection close first. The client cannot know when the stop began, but
/// it began after the request before this one was sent.
/// </remarks>
internal sealed class LoadClients : IDisposable
{
    private readonly int _port;
    private readonly List<Thread> _threads = [];
    private readonly ConcurrentQueue<string> _failures = new();
    private static readonly TimeSpan PromisedTime = TimeSpan.FromMilliseconds(400); // 500, less what the kernel may need.

    private readonly bool _untilRefused;
    private readonly bool _isStopTested;
    private volatile bool _stopping;
    private long _answers;
    private long _bytes;
    private long _connections;
    private long _late;

    /// <summary>Starts them; they take turns with the targets.</summary>
    /// <param name="port">On 127.0.0.1.</param>
    /// <param name="targets">What is asked for, and the content that the answer must have.</param>
    /// <param name="keepAlive">How many keep their connection.</param>
    /// <param name="fresh">How many do not.</param>
    /// <param name="untilRefused">Whether a client that finds the port closed has done its work, rather than failed.</param>
    /// <param name="isStopTested">Whether the server stops meanwhile, so that a slow client may find its connection closed.</param>
    public LoadClients(
        int port,
        IReadOnlyList<(string Target, byte[] Content)> targets,
        int keepAlive,
        int fresh,
        bool untilRefused = false,
        bool isStopTested = false)
    {
        _isStopTested = isStopTested;
        _untilRefused = untilRefused;
        _port = port;
        for (int i = 0; i < keepAlive + fresh; i++)
        {
            int first = i;
            bool keeps = i < keepAlive;
            var thread = new Thread(() => Run(targets, first, keeps)) { IsBackground = true };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Requests that were answered in full.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Connections that were opened.</summary>
    public long Connections => Interlocked.Read(ref _connections);

    /// <summary>What went wrong, a line for each request.</summary>
    public IReadOnlyCollection<string> Failures => _failures;

    /// <summary>How many requests were sent too late for a server that stopped, and were not answered.</summary>
    public long Late => Interlocked.Read(ref _late);

    /// <summary>Ends the clients, each after its request, and says in one line what they saw.</summary>
    public string Stop()
    {
        _stopping = true;
        _threads.ForEach(thread => thread.Join());
        return $"{Answers} requests on {Connections} connections answered, {Interlocked.Read(ref _bytes)} bytes of content, {_failures.Count} failed";
    }

    public void Dispose() => Stop();

    private void Run(IReadOnlyList<(string Target, byte[] Content)> targets, int turn, bool keeps)
    {
        string[] fields = keeps ? [] : ["Connection: close"];
        RawClient? client = null;
        long since = 0; // When the last request was sent, or the connection was opened.
        bool isLate = false;
        while (!_stopping)
        {
            (string? target, byte[]? content) = targets[turn++ % targets.Count];
            try
            {
                if (client is null)
                {
                    since = Stopwatch.GetTimestamp();
                    client = new RawClient(_port);
                    Interlocked.Increment(ref _connections);
                }

                long sending = Stopwatch.GetTimestamp();
                isLate = IsLate(since);
                client.SendRequest("GET", target, fields);
                isLate = IsLate(since);
                since = sending;
                Answer answer = client.Read();
                if (answer.Status != 200 || !answer.Body.AsSpan().SequenceEqual(content))
                {
                    throw new InvalidDataException($"{answer.Status} with {answer.Body.Length} bytes");
                }

                Interlocked.Increment(ref _answers);
                Interlocked.Add(ref _bytes, content.Length);
                if (!answer.Closes)
                {
                    continue;
                }

                client.AssertClosed();
            }
            catch (SocketException e) when (_untilRefused && client is null && e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return;
            }
            catch (Exception e) when (isLate && client is { HasReceived: false } && e is SocketException or EndOfStreamException)
            {
                Interlocked.Increment(ref _late);
            }
            catch (Exception e) when (e is SocketException or IOException or InvalidDataException or Xunit.Sdk.XunitException)
            {
                _failures.Enqueue($"{DateTime.UtcNow:HH:mm:ss.fff} {(keeps ? "keep-alive" : "fresh")} {target}{(client is null ? " at its connect" : "")}: {e.Message}");
            }

            client?.Dispose();
            client = null;
        }

        client?.Dispose();
    }

    private bool IsLate(long since) => _isStopTested && Stopwatch.GetElapsedTime(since) > PromisedTime;
}
