using System.Net.Sockets;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>A listening socket, and what answers those who come by it.</summary>
/// <param name="Socket">Bound and listening.</param>
/// <param name="Handler">Answers the requests.</param>
internal readonly record struct ServedSocket(Socket Socket, IRequestHandler Handler);
