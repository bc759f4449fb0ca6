using System;

namespace AotServe.Http;

/// <summary>
/// Answers requests. All workers use the same instance at once, so it must not store the state of a request.
/// </summary>
internal interface IRequestHandler
{
    /// <summary>Decides what to do with the body of a request. Called with a complete head, only if there is a body.</summary>
    BodyUse UseOfBody(RequestHead head);

    /// <summary>
    /// Writes the response: <see cref="Response.Start"/>, fields, and exactly one of the calls that end the head; or has it wait
    /// for the work of another thread (<see cref="Response.Defer"/>) and is called again. Runs on a worker's thread, which does
    /// nothing else until this returns. An exception is reported, and the response is 500.
    /// </summary>
    /// <param name="head">The request; valid until this returns.</param>
    /// <param name="body">The decoded body if it was read, else empty; valid until this returns.</param>
    /// <param name="response">The response to write; owned by the worker.</param>
    void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response);
}
