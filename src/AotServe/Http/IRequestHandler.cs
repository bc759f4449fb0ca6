using System;

namespace AotServe.Http;

/// <summary>
/// What answers requests. One instance serves all workers at once, so it keeps no state of a request in itself.
/// </summary>
internal interface IRequestHandler
{
    /// <summary>Says, once a head is complete, what to do with the request's body. Called only where there is one.</summary>
    BodyUse UseOfBody(RequestHead head);

    /// <summary>
    /// Answers the request into <paramref name="response"/>: <see cref="Response.Start"/>, fields, and exactly one of
    /// the calls that end the head. Runs on a worker's thread and keeps it busy until it returns. An exception is
    /// reported and answered with 500.
    /// </summary>
    /// <param name="head">The request; valid until this returns.</param>
    /// <param name="body">The decoded body where it was read, else empty; valid until this returns.</param>
    /// <param name="response">Where the answer goes; belongs to the worker.</param>
    void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response);
}
