using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using AotServe.EndToEndTests.Fuzzing;
using AotServe.EndToEndTests.Harness;
using AotServe.Fuzzing;

namespace AotServe.EndToEndTests.Soak;

/// <summary>The kinds of clients in a soak: good ones, whose every byte has to be right, and such as do harm.</summary>
internal static class SoakHabits
{
    /// <summary>Each kind, and how many there are of it.</summary>
    public static readonly (string Kind, int Count, Func<int, SoakSite, SoakTally, Random, SoakHabit> Create)[] All =
    [
        ("on kept connections", 3, KeepAlive),
        ("on fresh connections", 2, Fresh),
        ("pipelines", 1, Pipelined),
        ("ranges", 1, Ranges),
        ("conditional", 1, Conditional),
        ("slow readers", 2, SlowReader),
        ("uploads", 1, Upload),
        ("slow heads", 2, SlowHead),
        ("resets", 1, Reset),
        ("fuzzed", 2, Fuzz),
    ];

    private static void Get(GoodConnection connection, SoakSite site, VersionedFile file, params string[] fieldLines)
    {
        if (connection.Ask("GET", file.Target, fieldLines) is { } answer)
        {
            site.Check(file, answer);
        }
    }

    private static SoakHabit KeepAlive(int port, SoakSite site, SoakTally tally, Random random)
    {
        var connection = new GoodConnection(port, tally);
        return new(() => Get(connection, site, site.Pick(random)), connection);
    }

    private static SoakHabit Fresh(int port, SoakSite site, SoakTally tally, Random random) => new(() =>
    {
        using var connection = new GoodConnection(port, tally);
        Get(connection, site, site.Pick(random), random.Next(2) == 0 ? ["Connection: close"] : []);
    });

    /// <summary>Several requests in one piece; after an answer that closes, the rest has to be asked again.</summary>
    private static SoakHabit Pipelined(int port, SoakSite site, SoakTally tally, Random random)
    {
        var connection = new GoodConnection(port, tally);
        return new(
            () =>
            {
                VersionedFile[] files = Enumerable.Range(0, random.Next(2, 12)).Select(_ => site.Small[random.Next(site.Small.Length)]).ToArray();
                string requests = string.Concat(files.Select(file => $"GET {file.Target} HTTP/1.1\r\nHost: soak\r\n\r\n"));
                connection.Ask(
                    client => client.Send(requests),
                    client =>
                    {
                        Answer answer = null!;
                        foreach (VersionedFile? file in files)
                        {
                            answer = client.Read();
                            site.Check(file, answer);
                            if (answer.Closes)
                            {
                                break;
                            }
                        }

                        return (answer, answer.Closes);
                    });
            },
            connection);
    }

    private static SoakHabit Ranges(int port, SoakSite site, SoakTally tally, Random random)
    {
        var connection = new GoodConnection(port, tally);
        return new(
            () =>
            {
                VersionedFile file = site.Pick(random);
                int first = random.Next(file.LeastLength - 100);
                int last = random.Next(first + 40, file.LeastLength - 1);
                Answer? answer = connection.Ask("GET", file.Target, $"Range: bytes={first}-{last}");
                if (answer is not null && answer.Status != 206)
                {
                    throw new InvalidDataException($"{answer.Status} to a range");
                }

                if (answer is not null)
                {
                    site.Check(file, answer);
                }
            },
            connection);
    }

    private static SoakHabit Conditional(int port, SoakSite site, SoakTally tally, Random random)
    {
        var connection = new GoodConnection(port, tally);
        var tags = new Dictionary<VersionedFile, string>();
        return new(
            () =>
            {
                VersionedFile file = site.Pick(random);
                string tag = tags.GetValueOrDefault(file, "\"none\"");
                bool isRange = random.Next(3) == 0;
                string[] fields = isRange ? ["Range: bytes=10-500", $"If-Range: {tag}"] : [$"If-None-Match: {tag}"];
                if (connection.Ask("GET", file.Target, fields) is not { } answer)
                {
                    return;
                }


                // A weak tag never selects a part: If-Range compares strongly (RFC 9110, section 13.1.5).
                bool isWeak = tag.StartsWith("W/", StringComparison.Ordinal);
                bool isRight = answer.Status switch
                {
                    304 => !isRange && answer["ETag"] == tag,
                    206 => isRange && !isWeak && answer["ETag"] == tag,
                    _ => answer["ETag"] != tag || (isRange && isWeak),
                };
                if (!isRight)
                {
                    throw new InvalidDataException($"{answer.Status} with {answer["ETag"]} to {string.Join(", ", fields)}");
                }

                tags[file] = answer.Status == 304 ? tag : site.Check(file, answer);
            },
            connection);
    }

    /// <summary>Takes a large file in small pieces, through a small window.</summary>
    private static SoakHabit SlowReader(int port, SoakSite site, SoakTally tally, Random random) => new(() =>
    {
        using var connection = new GoodConnection(port, tally, receiveBuffer: 8 * 1024);
        connection.Ask(
            client => client.Send($"GET {site.Large.Target} HTTP/1.1\r\nHost: soak\r\nConnection: close\r\n\r\n"),
            client =>
            {
                Answer answer = client.ReadHead();
                var body = new MemoryStream();
                for (int left = int.Parse(answer["Content-Length"]!); left > 0;)
                {
                    int piece = int.Min(left, random.Next(1, 60_000));
                    body.Write(client.ReadExactly(piece));
                    left -= piece;
                    Thread.Sleep(random.Next(3)); // Slowness is what this client is about.
                }

                site.Check(site.Large, answer with { Body = body.ToArray() });
                return (answer, true);
            });
    });

    /// <summary>Content that nobody wants, in every framing: 405, and the connection goes on where it can.</summary>
    private static SoakHabit Upload(int port, SoakSite site, SoakTally tally, Random random)
    {
        var connection = new GoodConnection(port, tally);
        return new(
            () =>
            {
                string content = new string('x', random.Next(5) == 0 ? random.Next(200_000) : random.Next(2_000));
                int half = content.Length / 2;
                (string? framing, string? rest) = random.Next(3) switch
                {
                    0 => ($"Content-Length: {content.Length}\r\n", content),
                    1 => ("Transfer-Encoding: chunked\r\n", Chunk(content[..half]) + Chunk(content[half..]) + "0\r\nX: y\r\n\r\n"),
                    _ => ($"Content-Length: {content.Length + 1}\r\nExpect: 100-continue\r\n", ""),
                };
                Answer? answer = connection.Ask(
                    client =>
                    {
                        client.Send($"POST {site.Small[0].Target} HTTP/1.1\r\nHost: soak\r\n{framing}\r\n");
                        client.Send(rest);
                    },
                    client =>
                    {
                        Answer read = client.Read();
                        return (read, read.Closes);
                    });
                if (answer is not null && answer.Status != 405)
                {
                    throw new InvalidDataException($"{answer.Status} to an upload");
                }
            },
            connection);
    }

    private static string Chunk(string content) => content.Length == 0 ? "" : $"{content.Length:x}\r\n{content}\r\n";

    /// <summary>A request byte by byte: whoever has sent its first byte is answered, stop or not.</summary>
    private static SoakHabit SlowHead(int port, SoakSite site, SoakTally tally, Random random) => new(() =>
    {
        using var connection = new GoodConnection(port, tally);
        VersionedFile file = site.Small[random.Next(site.Small.Length)];
        Answer? answer = connection.Ask(
            client =>
            {
                foreach (byte value in Encoding.ASCII.GetBytes($"GET {file.Target} HTTP/1.1\r\nHost: soak\r\n\r\n"))
                {
                    client.Send([value]);
                    Thread.Sleep(random.Next(4)); // Slowness is what this client is about.
                }
            },
            client =>
            {
                Answer read = client.Read();
                return (read, read.Closes);
            });
        if (answer is not null)
        {
            site.Check(file, answer);
        }
    });

    /// <summary>Goes away in the middle of an answer.</summary>
    private static SoakHabit Reset(int port, SoakSite site, SoakTally tally, Random random) => new(() =>
    {
        using var connection = new GoodConnection(port, tally, receiveBuffer: 8 * 1024);
        connection.Ask<string>(
            client => client.Send(string.Concat(Enumerable.Repeat($"GET {site.Large.Target} HTTP/1.1\r\nHost: soak\r\n\r\n", random.Next(1, 4)))),
            client =>
            {
                client.ReadExactly(random.Next(100_000));
                client.Abort();
                return ("", false);
            });
    });

    private static SoakHabit Fuzz(int port, SoakSite site, SoakTally tally, Random random)
    {
        var mutator = new StreamMutator(random);
        return new(() =>
        {
            string stream = mutator.Next();
            StreamEnd end = random.Next(4) switch { 0 => StreamEnd.Reset, 1 => StreamEnd.Close, _ => StreamEnd.HalfClose };
            StreamExchange exchange;
            try
            {
                exchange = StreamExchange.Run(port, stream, random, end);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                throw new StoppedException();
            }

            if (OverTls.IsOn)
            {
                return; // No records: what is said of them is OpenSSL's, and the other clients see whether it harms them.
            }

            try
            {
                string[] methods = [.. ReferenceReader.Read(stream).Select(message => message.Method)];
                AnswerStream.Read(exchange.Received, methods, exchange.IsReset);
            }
            catch (InvalidDataException malformed)
            {
                throw new InvalidDataException($"{malformed.Message}: {CSharpText.Of(stream)}");
            }
        });
    }
}
