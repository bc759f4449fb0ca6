using System;
using System.Globalization;

namespace AotServe.Http;

/// <summary>The built-in error responses: a small, complete HTML page for each status.</summary>
internal static class ErrorPage
{
    /// <summary>The bytes reserved on the stack for a page. A page with a longer detail needs an array.</summary>
    private const int UsualLength = 2048;

    /// <summary>The most bytes that one byte becomes when escaped: <c>&amp;quot;</c>.</summary>
    private const int LongestEscape = 6;

    private static ReadOnlySpan<byte> BeforeTitle => """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>
        """u8;

    private static ReadOnlySpan<byte> BeforeHeading => """
        </title>
        <link rel="icon" href="data:,">
        <style>
        :root { color-scheme: light dark; background: #f7f7f4; color: #1c2321; }
        @media (prefers-color-scheme: dark) { :root { background: #0e1413; color: #e6ece9; } }
        body { max-width: 36rem; margin: 18vh auto; padding: 0 1.5rem; font: 1.05rem/1.6 system-ui, sans-serif; }
        h1 { margin: 0 0 .5rem; font-size: 1.8rem; line-height: 1.25; letter-spacing: -.02em; }
        p { margin: 0; opacity: .8; }
        </style>
        </head>
        <body>
        <main>
        <h1>
        """u8;

    private static ReadOnlySpan<byte> AfterHeading => "</h1>\n"u8;

    private static ReadOnlySpan<byte> AfterDetail => """
        </main>
        </body>
        </html>

        """u8;

    /// <summary>
    /// Writes the whole response: <paramref name="status"/> and a page that names it. The <paramref name="detail"/> is one
    /// sentence for the reader, which is escaped for HTML.
    /// </summary>
    public static void Write(Response response, int status, ReadOnlySpan<byte> detail = default)
    {
        response.Start(status);
        WriteStarted(response, status, detail);
    }

    /// <summary>The same for 405, whose Allow field lists the allowed methods (RFC 9110 §15.5.6).</summary>
    public static void WriteNotAllowed(Response response, ReadOnlySpan<byte> allow)
    {
        response.Start(405);
        response.Field("Allow"u8, allow);
        WriteStarted(response, 405, "There is something here, but not for this method."u8);
    }

    /// <summary>The same for 416, whose Content-Range gives the length of the representation (RFC 9110 §15.5.17).</summary>
    public static void WriteUnsatisfiable(Response response, long length)
    {
        Span<byte> value = stackalloc byte["bytes */"u8.Length + 20];
        "bytes */"u8.CopyTo(value);
        length.TryFormat(value["bytes */"u8.Length..], out int digits, default, CultureInfo.InvariantCulture);
        response.Start(416);
        response.Field("Content-Range"u8, value[..("bytes */"u8.Length + digits)]);
        WriteStarted(response, 416, "The range that was asked for lies beyond the end of what is here."u8);
    }

    /// <summary>The same for 503 where the client may retry after a second (RFC 9110 §10.2.3).</summary>
    public static void WriteUnavailable(Response response, ReadOnlySpan<byte> detail)
    {
        response.Start(503);
        response.Field("Retry-After"u8, 1);
        WriteStarted(response, 503, detail);
    }

    /// <summary>The response to a request that was rejected before the handler saw it. The connection closes.</summary>
    public static void Write(Response response, Rejection rejection)
    {
        response.KeepAlive = false;
        Write(response, rejection.Status(), rejection.Detail());
    }

    /// <summary>Writes the page of a response that has been started, and that may have fields already.</summary>
    public static void WriteStarted(Response response, int status, ReadOnlySpan<byte> detail)
    {
        int longest = UsualLength / 2 + detail.Length * LongestEscape;
        Span<byte> page = longest <= UsualLength ? stackalloc byte[UsualLength] : new byte[longest];
        int length = 0;
        ReadOnlySpan<byte> title = StatusLine.CodeAndReason(status);
        Append(page, ref length, BeforeTitle);
        Append(page, ref length, title);
        Append(page, ref length, BeforeHeading);
        Append(page, ref length, title);
        Append(page, ref length, AfterHeading);
        if (!detail.IsEmpty)
        {
            Append(page, ref length, "<p>"u8);
            AppendEscaped(page, ref length, detail);
            Append(page, ref length, "</p>\n"u8);
        }

        Append(page, ref length, AfterDetail);
        response.Field("Content-Type"u8, "text/html; charset=utf-8"u8);
        response.EndWithBody(page[..length]);
    }

    private static void Append(Span<byte> page, ref int length, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(page[length..]);
        length += bytes.Length;
    }

    private static void AppendEscaped(Span<byte> page, ref int length, ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            switch (value)
            {
                case (byte)'&':
                    Append(page, ref length, "&amp;"u8);
                    break;
                case (byte)'<':
                    Append(page, ref length, "&lt;"u8);
                    break;
                case (byte)'>':
                    Append(page, ref length, "&gt;"u8);
                    break;
                case (byte)'"':
                    Append(page, ref length, "&quot;"u8);
                    break;
                default:
                    page[length++] = value;
                    break;
            }
        }
    }
}
