using System;
using System.Diagnostics;
using System.IO;
using System.Net.Sockets;
using AotServe.EndToEndTests.Harness;

namespace AotServe.EndToEndTests.Soak;

/// <summary>
/// The connection of a client that does nothing wrong, opened anew when the server said <c>Connection: close</c>. Whatever
/// else ends it is the server's fault, but for one thing: a client that was idle for a while may find it closed.
/// </summary>
internal sealed class GoodConnection(int port, SoakTally tally, int receiveBuffer = 0) : IDisposable
{
    /// <summary>A server that stops waits half a second for the next request of those that were active.</summary>
    private static readonly TimeSpan MayCloseAfter = TimeSpan.FromMilliseconds(400);

    private RawClient? _client;
    private Stopwatch _idle = Stopwatch.StartNew();

    /// <summary>
    /// Sends what is given, and has the answers read by a function that says whether the last of them closes. Null where
    /// the connection had been idle for so long that it was closed: nothing was answered, and it may be tried again.
    /// </summary>
    /// <exception cref="StoppedException">Nobody listens any more.</exception>
    public T? Ask<T>(Action<RawClient> send, Func<RawClient, (T Result, bool Closes)> read)
        where T : class
    {
        try
        {
            _client ??= new RawClient(port, receiveBuffer: receiveBuffer);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            throw new StoppedException();
        }

        bool wasIdle = false;
        try
        {
            send(_client);
            wasIdle = _idle.Elapsed > MayCloseAfter;
            (T? result, bool closes) = read(_client);
            if (closes)
            {
                _client.AssertClosed();
                Drop();
            }

            _idle = Stopwatch.StartNew();
            return result;
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException && (wasIdle || _idle.Elapsed > MayCloseAfter))
        {
            tally.Count("closed while idle");
            Drop();
            return null;
        }
        catch
        {
            Drop();
            throw;
        }
    }

    /// <summary>Sends a request without content and reads the answer.</summary>
    public Answer? Ask(string method, string target, params string[] fieldLines) => Ask(
        client => client.Send(
            $"{method} {target} HTTP/1.1\r\nHost: soak\r\n" + string.Concat(Array.ConvertAll(fieldLines, line => line + "\r\n")) + "\r\n"),
        client =>
        {
            Answer answer = client.Read(method);
            return (answer, answer.Closes);
        });

    /// <summary>Closes it; the next request opens another.</summary>
    public void Drop()
    {
        _client?.Dispose();
        _client = null;
        _idle = Stopwatch.StartNew();
    }

    public void Dispose() => Drop();
}
