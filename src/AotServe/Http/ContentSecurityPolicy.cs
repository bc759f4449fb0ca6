using System;

namespace AotServe.Http;

/// <summary>Values of Content-Security-Policy for the pages that the server itself makes.</summary>
internal static class ContentSecurityPolicy
{
    /// <summary>For a page that is whole in itself: its own style sheet and icon, and nothing else.</summary>
    public static ReadOnlySpan<byte> SelfContained =>
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "u8
        + "frame-ancestors 'none'"u8;
}
