using System;

namespace AotServe.Http;

/// <summary>Values of Content-Security-Policy for the pages that the server generates.</summary>
internal static class ContentSecurityPolicy
{
    /// <summary>The same for a page with a form that asks for this site.</summary>
    public static ReadOnlySpan<byte> WithForm =>
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'self'; "u8
        + "frame-ancestors 'none'"u8;

    /// <summary>For a page that loads nothing: its style sheet and icon are part of it.</summary>
    public static ReadOnlySpan<byte> SelfContained =>
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "u8
        + "frame-ancestors 'none'"u8;
}
