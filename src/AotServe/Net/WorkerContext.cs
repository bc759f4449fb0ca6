using System;
using System.Diagnostics;
using System.Net;
using System.Text;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// The buffers and reusable objects with which a worker handles its connections, one after the other. They belong to the
/// thread, so an idle connection holds none.
/// </summary>
internal sealed class WorkerContext : IClient
{
    /// <summary>Bytes for the longest head, and for many pipelined requests.</summary>
    private const int InputSize = 64 * 1024;

    private const int OutputSize = 64 * 1024;

    [ThreadStatic]
    private static WorkerContext? _current;

    private Exchanges? _exchanges;
    private RequestCounter? _answered;

    private WorkerContext()
    {
        Output = new OutputBuffer(0);
        Head = new RequestHead { Client = this };
        Response = new Response(Output);

        // The large arrays last: what is allocated after them lies on pages of its own. They are not cleared, which would be the longest
        // part of a first response.
        Input = GC.AllocateUninitializedArray<byte>(InputSize);
        _ = Output.Reserve(OutputSize);
    }

    /// <summary>This thread's own.</summary>
    public static WorkerContext Current => _current ??= new WorkerContext();

    /// <summary>The buffer that sockets are read into.</summary>
    public byte[] Input { get; }

    /// <summary>What is to be sent.</summary>
    public OutputBuffer Output { get; }

    /// <summary>The head of the request that is being handled.</summary>
    public RequestHead Head { get; }

    /// <summary>The response to it.</summary>
    public Response Response { get; }

    /// <summary>The connection that this thread is handling, or null.</summary>
    public Connection? Connection { get; set; }

    /// <summary>Answers the requests of <see cref="Connection"/>.</summary>
    public IRequestHandler? Handler { get; set; }

    /// <summary>When the head of the request was complete, on the clock of <see cref="Stopwatch"/>; 0 where nobody observes the server.</summary>
    public long HeadAt { get; set; }

    /// <summary>The exchanges whose responses are in the output; null where nobody observes the server.</summary>
    public Exchanges? ExchangesOf(Server server)
    {
        if (server.Observer != _exchanges?.Observer)
        {
            _exchanges = server.Observer is null ? null : new Exchanges(server.Observer);
        }

        return _exchanges;
    }

    /// <summary>Begins the response to the request in <see cref="Head"/>.</summary>
    /// <param name="server">Whose request it is.</param>
    /// <param name="keepAlive">Whether the connection can be used again as far as the request says.</param>
    /// <param name="persistence">Decides on that at the last moment; null: nobody does.</param>
    private void StartResponse(Server server, bool keepAlive, IPersistence? persistence)
    {
        Response.Reset(Head.Method == RequestMethod.Head, Head.MinorVersion, keepAlive, server.UnixSeconds, persistence);
    }

    /// <summary>Has the handler answer the request in <see cref="Head"/>. If the handler throws, the response is 500.</summary>
    /// <param name="server">Whose handler it is.</param>
    /// <param name="body">The request's decoded body.</param>
    /// <param name="keepAlive">Whether the connection can be used again as far as the request says.</param>
    /// <param name="persistence">Decides on that at the last moment.</param>
    /// <param name="resumed">The work that the request has waited for; null: none.</param>
    public void Respond(
        Server server, ReadOnlySpan<byte> body, bool keepAlive, IPersistence persistence, Deferral? resumed)
    {
        StartResponse(server, keepAlive, persistence);
        Response.Resumed = resumed;
        try
        {
            Handler!.Answer(Head, body, Response);
            if (!Response.IsComplete && Response.Deferral is null)
            {
                throw new InvalidOperationException("The handler did not end its response.");
            }
        }
        catch (Exception e)
        {
            server.ReportFault(e, Encoding.ASCII.GetString(Head.MethodToken) + ' ' + Encoding.ASCII.GetString(Head.Target));
            ReplaceByError();
        }

        if (Response.Deferral is null)
        {
            Count(server);
            Note(server, isRefused: false, default);
        }
    }

    /// <summary>Writes a last response to the request in <see cref="Head"/>: an error.</summary>
    /// <param name="server">Whose request it is.</param>
    /// <param name="status">The status.</param>
    /// <param name="detail">One sentence for the reader of the page; may be empty.</param>
    /// <param name="isRefused">Whether the head could not be read.</param>
    /// <param name="refusedLine">The first line of such a head, as it came.</param>
    public void Fail(Server server, int status, ReadOnlySpan<byte> detail, bool isRefused, ReadOnlySpan<byte> refusedLine)
    {
        Count(server);
        StartResponse(server, keepAlive: false, persistence: null);
        ErrorPage.Write(Response, status, detail);
        Note(server, isRefused, refusedLine);
    }

    /// <summary>Writes a last response of status 500 in place of the one that was begun, of which no byte is sent yet.</summary>
    public void ReplaceByError()
    {
        Response.KeepAlive = false;
        ErrorPage.Write(Response, 500);
    }

    /// <summary>The same for a response that is with its exchange already.</summary>
    public void ReplaceNoted()
    {
        ReplaceByError();
        _exchanges?.ReplaceLast(Response.Status, Response.HeadLength, Response.ContentLength);
    }

    /// <summary>Drops responses that were not sent, or only a part: they must not reach the next connection.</summary>
    /// <param name="sent">How many bytes were sent.</param>
    public void Clear(int sent = 0)
    {
        Output.Truncate(0);
        Response.TakeBody().Dispose();
        _exchanges?.End(sent, isLost: true);
    }

    /// <summary>The turn of <see cref="Connection"/> is over.</summary>
    public void Leave()
    {
        Connection = null;
        if (Output.Length > 0)
        {
            Clear();
        }
    }

    private void Count(Server server)
    {
        if (_answered?.Server != server)
        {
            _answered = server.AddCounter();
        }

        _answered.Add();
    }

    private void Note(Server server, bool isRefused, ReadOnlySpan<byte> refusedLine)
    {
        if (Connection is not { } connection || ExchangesOf(server) is not { } exchanges)
        {
            return;
        }

        var exchange = new Exchange
        {
            StartedAt = isRefused ? Stopwatch.GetTimestamp() : HeadAt,
            Method = Head.Method,
            Status = Response.Status,
            HeadLength = Response.HeadLength,
            ContentLength = Response.ContentLength,
        };
        var start = new ExchangeStart
        {
            Client = isRefused ? connection.Origin.Address : connection.Origin.ClientOf(Head),
            Now = server.Now,
            Connection = connection.Origin.Number,
            Number = connection.Requests,
            RefusedLine = refusedLine,
            IsRefused = isRefused,
            IsSignedIn = Response.IsSignedIn,
            ResponseHead = Response.Head,
        };
        exchanges.Add(exchange, Head, start);
    }

    ReadOnlySpan<byte> IClient.ServerName => Connection is null ? default : Connection.Transport.ServerName;

    bool IClient.IsSecure => Connection is not null && Connection.Transport.IsSecure;

    IPAddress? IClient.Address => Connection?.Origin.ClientOf(Head);

    ulong IClient.Network => Connection switch
    {
        null => 0,
        _ => Connection.Origin.NetworkOf(Head),
    };
}
