using System.Net.Sockets;
using AotServe.Http;
using AotServe.Tls;

namespace AotServe.Net;

/// <summary>A listening socket, and what answers those who come by it.</summary>
/// <param name="Socket">Bound and listening.</param>
/// <param name="Handler">Answers the requests.</param>
/// <param name="Tls">What TLS is spoken with; null: none is.</param>
internal readonly record struct ServedSocket(Socket Socket, IRequestHandler Handler, TlsServer? Tls = null);
