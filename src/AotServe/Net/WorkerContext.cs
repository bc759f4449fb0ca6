using System;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// What a worker's thread needs to handle connections, one after the other: the buffers and the reusable objects. So
/// buffers are per thread, and an idle connection holds none.
/// </summary>
internal sealed class WorkerContext : IClient
{
    /// <summary>Room for the longest head, and for a fair number of pipelined requests.</summary>
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

    /// <summary>Where sockets are read into.</summary>
    public byte[] Input { get; } = GC.AllocateUninitializedArray<byte>(InputSize);

    /// <summary>What is to be sent.</summary>
    public OutputBuffer Output { get; } = new(OutputSize);

    public RequestHead Head { get; }

    public Response Response { get; }

    /// <summary>The connection that this thread is handling, or null.</summary>
    public Connection? Connection { get; set; }

    /// <summary>Drops an answer that was not sent: it must not reach the next connection.</summary>
    public void Clear()
    {
        Output.Truncate(0);
        Response.TakeBody().Dispose();
    }

    ulong IClient.Network => Connection?.ClientNetwork ?? 0;
}
