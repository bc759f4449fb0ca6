using System;

namespace AotServe.Http;

/// <summary>The built-in answer to a request that failed: a small complete HTML page.</summary>
internal static class ErrorPage
{
    /// <summary>
    /// Starts and ends <paramref name="response"/> with <paramref name="status"/> and a page that names it.
    /// A <paramref name="detail"/> is one sentence for the reader; it is escaped for HTML.
    /// </summary>
    public static void Write(Response response, int status, ReadOnlySpan<byte> detail = default) =>
        throw new NotImplementedException();

    /// <summary>The same for 405, whose Allow field names the methods that would work (RFC 9110 §15.5.6).</summary>
    public static void WriteNotAllowed(Response response, ReadOnlySpan<byte> allow) =>
        throw new NotImplementedException();

    /// <summary>The answer to a request that was refused before any handler saw it; the connection closes.</summary>
    public static void Write(Response response, Rejection rejection) => throw new NotImplementedException();
}
