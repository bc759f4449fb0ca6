using System;
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

    private WorkerContext()
    {
        Head = new RequestHead { Client = this };
        Response = new Response(Output);
    }

    /// <summary>This thread's own.</summary>
    public static WorkerContext Current => _current ??= new WorkerContext();

    /// <summary>The buffer that sockets are read into.</summary>
    public byte[] Input { get; } = GC.AllocateUninitializedArray<byte>(InputSize);

    /// <summary>What is to be sent.</summary>
    public OutputBuffer Output { get; } = new(OutputSize);

    /// <summary>The head of the request that is being handled.</summary>
    public RequestHead Head { get; }

    /// <summary>The response to it.</summary>
    public Response Response { get; }

    /// <summary>The connection that this thread is handling, or null.</summary>
    public Connection? Connection { get; set; }

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
            server.Handler.Answer(Head, body, Response);
            if (!Response.IsComplete && Response.Deferral is null)
            {
                throw new InvalidOperationException("The handler did not end its response.");
            }
        }
        catch (Exception e)
        {
            server.ReportFault(e);
            ReplaceByError();
        }

        if (Response.Deferral is null)
        {
            server.CountRequest();
        }
    }

    /// <summary>Writes a last response to the request in <see cref="Head"/>: an error.</summary>
    /// <param name="server">Whose request it is.</param>
    /// <param name="status">The status.</param>
    /// <param name="detail">One sentence for the reader of the page; may be empty.</param>
    public void Fail(Server server, int status, ReadOnlySpan<byte> detail)
    {
        server.CountRequest();
        StartResponse(server, keepAlive: false, persistence: null);
        ErrorPage.Write(Response, status, detail);
    }

    /// <summary>Writes a last response of status 500 in place of the one that was begun, of which no byte is sent yet.</summary>
    public void ReplaceByError()
    {
        Response.KeepAlive = false;
        ErrorPage.Write(Response, 500);
    }

    /// <summary>Drops a response that was not sent: it must not reach the next connection.</summary>
    public void Clear()
    {
        Output.Truncate(0);
        Response.TakeBody().Dispose();
    }

    ulong IClient.Network => Connection switch
    {
        null => 0,
        _ => Connection.Origin.NetworkOf(Head, Connection.Proxies),
    };
}
