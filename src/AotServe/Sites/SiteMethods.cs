using System;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>The methods of a site of files (RFC 9110 §9).</summary>
internal static class SiteMethods
{
    /// <summary>Those that are answered.</summary>
    public static ReadOnlySpan<byte> Allow => "GET, HEAD, OPTIONS"u8;

    /// <summary>Answers a request whose method alone decides. False, and nothing is written: it is about a path.</summary>
    public static bool Answer(RequestHead head, Response response)
    {
        switch (head.Method)
        {
            case RequestMethod.Get or RequestMethod.Head:
                return false;
            case RequestMethod.Options:
                if (head.Form != TargetForm.Asterisk)
                {
                    return false;
                }

                AnswerOptions(response);
                return true;
            case RequestMethod.Connect:
                // The bytes that follow on the connection may already be meant for the tunnel.
                response.KeepAlive = false;
                ErrorPage.Write(response, 501, "This server is not a proxy."u8);
                return true;
            case RequestMethod.Other:
                ErrorPage.Write(response, 501, "This server does not know that method."u8);
                return true;
            default:
                ErrorPage.WriteNotAllowed(response, Allow);
                return true;
        }
    }

    /// <summary>Answers OPTIONS (RFC 9110 §9.3.7).</summary>
    public static void AnswerOptions(Response response)
    {
        response.Start(204);
        response.Field("Allow"u8, Allow);
        response.EndWithoutBody();
    }
}
