using System;

namespace AotServe.Http;

/// <summary>Status lines and reason phrases (RFC 9110 §15).</summary>
internal static class StatusLine
{
    /// <summary>The whole status line of an HTTP/1.1 answer with its CRLF.</summary>
    public static ReadOnlySpan<byte> Of(int status) => throw new NotImplementedException();

    /// <summary>The reason phrase.</summary>
    public static ReadOnlySpan<byte> Reason(int status) => throw new NotImplementedException();
}
