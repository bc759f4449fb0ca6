using System;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading;
using AotServe.Buffers;
using AotServe.Http;
using AotServe.Sites.Paths;
using AotServe.Sites.Representations;
using AotServe.Workers;

namespace AotServe.Sites;

/// <summary>
/// The site that is served without a folder: a welcome page, and a few addresses to try the server with. All of it is part of
/// the executable.
/// </summary>
/// <param name="cutOff">
/// Cancelled when the server no longer waits for requests in flight; ends <c>/sleep</c> early.
/// </param>
internal sealed class BuiltInSite(CancellationToken cutOff) : IRequestHandler
{
    private const int DefaultSleep = 5_000;
    private const int LongestSleep = 30_000;

    private static ReadOnlySpan<byte> RootAllow => "GET, HEAD, POST, OPTIONS"u8;

    private static ReadOnlySpan<byte> SleepAllow => "GET, HEAD, OPTIONS"u8;

    public BodyUse UseOfBody(RequestHead head) =>
        IsEcho(head) || (head.Method == RequestMethod.Post && IsRoot(head)) ? BodyUse.Read : BodyUse.Discard;

    /// <summary>The steps of answering a request, in their order. The first step that answers ends it.</summary>
    public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        if (head.Method == RequestMethod.Connect)
        {
            RefuseTunnel(response);
        }
        else if (IsEcho(head))
        {
            AnswerEcho(head, body, response);
        }
        else if (head.Method == RequestMethod.Other)
        {
            ErrorPage.Write(response, 501, "This server does not know that method."u8);
        }
        else if (head.Form == TargetForm.Asterisk)
        {
            AnswerOptions(RootAllow, response);
        }
        else if (IsRoot(head))
        {
            AnswerRoot(head, body, response);
        }
        else if (head.Path.SequenceEqual("/sleep"u8))
        {
            AnswerSleep(head, response);
        }
        else
        {
            ErrorPage.Write(response, 404);
        }
    }

    private static bool IsRoot(RequestHead head) => head.Path.SequenceEqual("/"u8);

    private static bool IsEcho(RequestHead head) => head.Path.SequenceEqual("/echo"u8);

    private static void RefuseTunnel(Response response)
    {
        // The bytes that follow on the connection may already be meant for the tunnel.
        response.KeepAlive = false;
        ErrorPage.Write(response, 501, "This server is not a proxy."u8);
    }

    private static void AnswerOptions(ReadOnlySpan<byte> allow, Response response)
    {
        response.Start(204);
        response.Field("Allow"u8, allow);
        response.EndWithoutBody();
    }

    private static void AnswerRoot(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        switch (head.Method)
        {
            case RequestMethod.Get or RequestMethod.Head:
                AnswerWelcome(head, response);
                break;
            case RequestMethod.Post:
                AnswerWithBody(head, body, response);
                break;
            case RequestMethod.Options:
                AnswerOptions(RootAllow, response);
                break;
            default:
                ErrorPage.WriteNotAllowed(response, RootAllow);
                break;
        }
    }

    [SkipLocalsInit]
    private static void AnswerWelcome(RequestHead head, Response response)
    {
        Span<byte> page = stackalloc byte[WelcomePage.LongestLength];
        page = page[..WelcomePage.Write(head.Authority, page)];
        ulong hash = XxHash64.Compute(page);
        if (RepresentationAnswer.AnswerPreconditions(head, hash, varies: false, response))
        {
            return;
        }

        response.Start(200);
        RepresentationAnswer.WriteTag(hash, response);
        response.Field("Cache-Control"u8, "no-cache"u8);
        response.Field("Content-Type"u8, "text/html; charset=utf-8"u8);
        response.Field("Content-Security-Policy"u8, ContentSecurityPolicy.SelfContained);
        response.EndWithBody(page);
    }

    /// <summary>
    /// Sends the body back. SECURITY: it has the media type that the client chose, HTML included, so the policy keeps a browser
    /// from running scripts in it as this origin.
    /// </summary>
    private static void AnswerWithBody(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        int index = head.IndexOfField("content-type"u8, 0);
        bool isUsable = index >= 0 && head.IndexOfField("content-type"u8, index + 1) < 0
            && IsMediaType(head.FieldValue(index));
        response.Start(200);
        response.Field("Content-Type"u8, isUsable ? head.FieldValue(index) : "application/octet-stream"u8);
        response.Field("Content-Security-Policy"u8, "default-src 'none'; sandbox"u8);
        WriteUncached(response);
        response.EndWithBody(body);
    }

    /// <summary>Whether a value has the form of a media type, as far as is needed to send it back safely.</summary>
    private static bool IsMediaType(ReadOnlySpan<byte> value)
    {
        int slash = value.IndexOf((byte)'/');
        return value.Length <= 256 && slash > 0 && slash < value.Length - 1
            && value.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0
            && !value[..slash].ContainsAny(" \t\",;"u8);
    }

    /// <summary>Answers any method with the field lines as they were received, an empty line, and the body.</summary>
    [SkipLocalsInit]
    private static void AnswerEcho(RequestHead head, ReadOnlySpan<byte> body, Response response)
    {
        // A line takes no more bytes here than when it was received, which was at least "Name:value\r\n".
        Span<byte> lines = stackalloc byte[HttpLimits.FieldSection + 1];
        int length = 0;
        for (int i = 0; i < head.FieldCount; i++)
        {
            length += Copy(head.FieldName(i), lines[length..]);
            length += Copy(": "u8, lines[length..]);
            length += Copy(head.FieldValue(i), lines[length..]);
            length += Copy("\n"u8, lines[length..]);
        }

        length += Copy("\n"u8, lines[length..]);
        response.Start(200);
        response.Field("Content-Type"u8, "text/plain; charset=utf-8"u8);
        WriteUncached(response);
        response.EndWithBody(lines[..length], body);
    }

    private static int Copy(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        bytes.CopyTo(destination);
        return bytes.Length;
    }

    private void AnswerSleep(RequestHead head, Response response)
    {
        if (head.Method == RequestMethod.Options)
        {
            AnswerOptions(SleepAllow, response);
        }
        else if (head.Method is not (RequestMethod.Get or RequestMethod.Head))
        {
            ErrorPage.WriteNotAllowed(response, SleepAllow);
        }
        else if (!TryGetMilliseconds(head.Query, out int milliseconds))
        {
            ErrorPage.Write(response, 400, "The parameter ms takes a number of milliseconds from 0 to 30000."u8);
        }
        else if (IsStopping(milliseconds))
        {
            ErrorPage.Write(response, 503, "The server is stopping and could not wait."u8);
        }
        else
        {
            AnswerSlept(milliseconds, response);
        }
    }

    /// <summary>Waits for a time, on the worker's own thread: that is what this request is for. True: the stop came first.</summary>
    private bool IsStopping(int milliseconds)
    {
        WorkerPool.BeginBlocking();
        bool isStopping = cutOff.WaitHandle.WaitOne(milliseconds);
        WorkerPool.EndBlocking();
        return isStopping;
    }

    private static bool TryGetMilliseconds(ReadOnlySpan<byte> query, out int milliseconds)
    {
        milliseconds = DefaultSleep;
        return !QueryParameter.TryGet(query, "ms"u8, out ReadOnlySpan<byte> value)
            || (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out milliseconds)
                && milliseconds <= LongestSleep);
    }

    private static void AnswerSlept(int milliseconds, Response response)
    {
        Span<byte> text = stackalloc byte[32];
        int length = Copy("Slept for "u8, text);
        milliseconds.TryFormat(text[length..], out int digits, default, CultureInfo.InvariantCulture);
        length += digits;
        length += Copy(" ms.\n"u8, text[length..]);
        response.Start(200);
        response.Field("Content-Type"u8, "text/plain; charset=utf-8"u8);
        WriteUncached(response);
        response.EndWithBody(text[..length]);
    }

    /// <summary>For responses that depend on the content of the request, or on the time.</summary>
    private static void WriteUncached(Response response) => response.Field("Cache-Control"u8, "no-store"u8);
}
