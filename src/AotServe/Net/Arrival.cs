using AotServe.Tls;

namespace AotServe.Net;

/// <summary>How bytes come in before they are requests: what a proxy says of its client, then TLS, where it is spoken.</summary>
internal static class Arrival
{
    /// <summary>
    /// Receives more bytes for the connection's reader. A client that speaks HTTP where TLS is to come first goes on without TLS, and
    /// has <see cref="Server.PlainHandler"/> to answer it.
    /// </summary>
    /// <param name="context">The worker's.</param>
    /// <param name="server">The connection's.</param>
    /// <param name="reader">Gets the bytes.</param>
    /// <param name="origin">Who the client is.</param>
    /// <param name="transport">The way of the bytes.</param>
    /// <param name="isHungUp">Whether the client is known to have ended its side.</param>
    /// <returns>As <see cref="RequestReader.Receive"/>. Close: with <see cref="Transport.HasFailed"/> the client has been told why.</returns>
    public static ConnectionStep Receive(
        WorkerContext context, Server server, ref RequestReader reader, ref ClientOrigin origin, ref Transport transport, bool isHungUp)
    {
        if (!TlsSupport.IsBuiltIn || !transport.IsSecure)
        {
            return reader.Receive(transport, isHungUp);
        }

        if (origin.AwaitsHeader)
        {
            return reader.ReceiveOrigin(transport.Socket);
        }

        ConnectionStep step = reader.Receive(transport, isHungUp);
        if (transport.IsPlainHttp)
        {
            transport = transport.Socket;
            origin.Handler = context.Handler = server.PlainHandler!;
            context.Response.StrictTransport = null;
        }
        else if (step == ConnectionStep.Close && transport.HasFailed)
        {
            server.Trace?.Invoke($"connection {origin.Number}: no TLS with this client: {transport.Failure}");
        }

        return step;
    }
}
