using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Http;
using AotServe.Tests.Http;
using Xunit;

namespace AotServe.Tests.Sites;

/// <summary>One answer of a site, got in process: a request through the parser, a response taken apart.</summary>
internal sealed class SiteAnswer
{
    /// <summary>The time of every answer: 2025-01-01T00:00:00Z.</summary>
    public const long Now = 1_735_689_600;

    private SiteAnswer(int status, List<(string Name, string Value)> fields, byte[] body, bool keepAlive)
    {
        (Status, Fields, Body, KeepAlive) = (status, fields, body, keepAlive);
    }

    public int Status { get; }

    /// <summary>The field lines in their order, without those of every answer (Server, Date).</summary>
    public IReadOnlyList<(string Name, string Value)> Fields { get; }

    public byte[] Body { get; }

    public bool KeepAlive { get; }

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The value of the one field line of that name; null where there is none.</summary>
    public string? this[string name] => Fields.SingleOrDefault(field => field.Name == name).Value;

    /// <summary>Where a client that asked for <paramref name="target"/> goes, on the same host; null: nowhere.</summary>
    public string? LocationFrom(string target)
    {
        Uri? location = this["Location"] is { } reference ? new Uri(new Uri("http://test" + target), reference) : null;
        return location is null || location.Host == "test" ? location?.PathAndQuery : location.ToString();
    }

    /// <summary>Asks for <paramref name="target"/>, with a Host field and those in <paramref name="fields"/>.</summary>
    public static SiteAnswer To(
        IRequestHandler site, string method, string target, string[]? fields = null, string? body = null)
    {
        var text = new StringBuilder($"{method} {target} HTTP/1.1\r\nHost: test\r\n");
        foreach (string field in fields ?? [])
        {
            text.Append(field).Append("\r\n");
        }

        if (body is not null)
        {
            text.Append("Content-Length: ").Append(Encoding.UTF8.GetByteCount(body)).Append("\r\n");
        }

        byte[] request = Encoding.UTF8.GetBytes(text.Append("\r\n").ToString());

        var head = new RequestHead();
        Assert.Equal(ParseStatus.Complete, RequestParser.Parse(request, 0, request.Length, head));
        bool isRead = body is not null && site.UseOfBody(head) == BodyUse.Read;

        var output = new OutputBuffer(256);
        var response = new Response(output);
        response.Reset(head.Method == RequestMethod.Head, head.MinorVersion, head.KeepAlive, Now);
        Await(head, response, () => site.Answer(head, isRead ? Encoding.UTF8.GetBytes(body!) : [], response));
        Assert.True(response.IsComplete);
        return Read(output, response);
    }

    /// <summary>Handles a request, and again as often as its response has waited for the work of another thread.</summary>
    public static void Await(RequestHead head, Response response, Action handle)
    {
        handle();
        while (response.Deferral is { } work)
        {
            Eventually.Holds(() => work.IsDone, "the work of another thread is done");
            response.Reset(head.Method == RequestMethod.Head, head.MinorVersion, head.KeepAlive, Now);
            response.Resumed = work;
            handle();
        }
    }

    private static SiteAnswer Read(OutputBuffer output, Response response)
    {
        int headLength = output.Written.IndexOf("\r\n\r\n"u8) + 4;
        string[] lines = Encoding.Latin1.GetString(output.Written[..(headLength - 4)]).Split("\r\n");
        Assert.StartsWith($"HTTP/1.1 {response.Status} ", lines[0], StringComparison.Ordinal);
        var fields = lines.Skip(1).Select(line => line.Split(": ", 2)).Select(pair => (Name: pair[0], Value: pair[1]))
            .Where(field => field.Name is not ("Server" or "Date")).ToList();

        byte[] body = output.Written[headLength..].ToArray();
        using ResponseBody rest = response.TakeBody();
        body = [.. body, .. BodyBytes.Of(rest)];
        return new SiteAnswer(response.Status, fields, body, response.KeepAlive);
    }
}
