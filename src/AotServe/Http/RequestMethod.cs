namespace AotServe.Http;

/// <summary>
/// A request method (RFC 9110 §9). Methods are case-sensitive: <c>get</c> is <see cref="Other"/>.
/// </summary>
internal enum RequestMethod
{
    /// <summary>A method that this server does not know; its bytes are in <see cref="RequestHead.MethodToken"/>.</summary>
    Other,
    Get,
    Head,
    Post,
    Put,
    Delete,
    Connect,
    Options,
    Trace,
    Patch,
}
