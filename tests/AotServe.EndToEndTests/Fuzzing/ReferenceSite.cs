using System;
using System.Linq;
using AotServe.Fuzzing;

namespace AotServe.EndToEndTests.Fuzzing;

/// <summary>What the built-in site has to answer to a request that the reference read.</summary>
/// <param name="Status">The status code.</param>
/// <param name="Content">The content of an answer that gives back the request's; null: not looked at.</param>
/// <param name="Closes">Whether the connection has to end with it.</param>
internal sealed record ReferenceSite(int Status, string? Content, bool Closes)
{
    /// <summary>The longest body that the server reads.</summary>
    public const int LargestContent = 1024 * 1024;

    private static readonly string[] Methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];

    /// <summary>The answer to a whole request.</summary>
    public static ReferenceSite To(ReferenceMessage request)
    {
        string path = PathOf(request.Target);
        bool isEcho = path == "/echo";
        bool isPost = path == "/" && request.Method == "POST";
        // Who waits to be told to send content that is not wanted is answered in its stead.
        bool isUnwanted = request.ExpectsContinue && !isEcho && !isPost;
        bool closes = !request.Persists || isUnwanted || request.Method == "CONNECT";
        string? content = request.Method is "HEAD" or "CONNECT" ? null
            : isEcho ? string.Concat(request.Fields.Select(field => $"{field.Name}: {field.Value}\n")) + "\n" + request.Content
            : isPost ? request.Content
            : null;
        return new ReferenceSite(StatusOf(request.Method, path), content, closes);
    }

    /// <summary>The status of a request for a path.</summary>
    public static int StatusOf(string method, string path) =>
        method == "CONNECT" ? 501
        : path == "/echo" ? 200
        : !Methods.Contains(method) ? 501
        : path == "*" ? 204
        : path != "/" ? 404
        : method == "OPTIONS" ? 204
        : method is "GET" or "HEAD" or "POST" ? 200
        : 405;

    /// <summary>The path of a target, its encodings left as they are.</summary>
    public static string PathOf(string target)
    {
        if (!target.StartsWith('/') && target.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme)
        {
            string authority = target[(scheme + 3)..];
            int end = authority.AsSpan().IndexOfAny('/', '?');
            target = end < 0 ? "/" : authority[end] == '?' ? "/" : authority[end..];
        }

        return target.Split('?')[0];
    }
}
