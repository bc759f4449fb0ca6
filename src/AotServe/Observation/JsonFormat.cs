using System;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>
/// One JSON object a line, with the names of OpenTelemetry's semantic conventions for HTTP (client.address, http.request.method, url.path,
/// …). What these have no name for is <c>timestamp</c> (RFC 3339), <c>duration_us</c>, <c>connection.id</c>, <c>request.number</c>, and
/// <c>request.line</c> of a head that could not be read.
/// </summary>
/// <param name="users">Reads the names of users; null: nobody signs in.</param>
/// <param name="threadName">The name of the thread.</param>
internal sealed class JsonFormat(UserNames? users, byte[] threadName) : LineFormat
{
    public override int Describe(RequestHead head, in ExchangeStart start, OutputBuffer description)
    {
        int first = description.Length;
        description.Write("{\"timestamp\":\""u8);
        LogTime.WriteDateTime(description, start.Now);
        description.Write("\",\"client.address\":"u8);
        LogText.WriteJson(description, TextOf(start.Client));
        if (start.IsRefused)
        {
            description.Write(",\"http.request.method\":\"_OTHER\",\"request.line\":"u8);
            LogText.WriteJson(description, start.RefusedLine);
        }
        else
        {
            WriteRequest(head, start, description);
        }

        WriteList(description, "http.response.header.content-encoding"u8, CodingOf(start.ResponseHead));
        description.Write(",\"thread.name\":"u8);
        LogText.WriteJson(description, threadName);
        description.Write(",\"connection.id\":"u8);
        description.Write(start.Connection);
        description.Write(",\"request.number\":"u8);
        description.Write(start.Number);
        return description.Length - first;
    }

    public override void Finish(
        in Exchange exchange, ReadOnlySpan<byte> before, ReadOnlySpan<byte> after, long sent, bool isLost, OutputBuffer line)
    {
        line.Write(before);
        line.Write(",\"http.response.status_code\":"u8);
        line.Write(exchange.Status);
        line.Write(",\"http.response.body.size\":"u8);
        line.Write(sent);
        line.Write(",\"duration_us\":"u8);
        line.Write(ExchangeTime.Microseconds(exchange));
        line.Write(isLost ? ",\"error.type\":\"connection_lost\"}\n"u8 : "}\n"u8);
    }

    private static void WriteList(OutputBuffer output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            WriteName(output, name);
            output.Write("["u8);
            LogText.WriteJson(output, value);
            output.Write("]"u8);
        }
    }

    private static void WriteText(OutputBuffer output, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            WriteName(output, name);
            LogText.WriteJson(output, value);
        }
    }

    private static void WriteName(OutputBuffer output, ReadOnlySpan<byte> name)
    {
        output.Write(",\""u8);
        output.Write(name);
        output.Write("\":"u8);
    }

    private static ReadOnlySpan<byte> CodingOf(ReadOnlySpan<byte> responseHead)
    {
        ReadOnlySpan<byte> name = "\r\nContent-Encoding: "u8;
        int at = responseHead.IndexOf(name);
        ReadOnlySpan<byte> rest = at < 0 ? default : responseHead[(at + name.Length)..];
        int end = rest.IndexOf((byte)'\r');
        return end < 0 ? default : rest[..end];
    }

    private void WriteRequest(RequestHead head, in ExchangeStart start, OutputBuffer output)
    {
        bool isKnown = head.Method != RequestMethod.Other;
        WriteText(output, "http.request.method"u8, isKnown ? head.MethodToken : "_OTHER"u8);
        if (!isKnown)
        {
            WriteText(output, "http.request.method_original"u8, head.MethodToken);
        }

        output.Write(head.Client is { IsSecure: true } ? ",\"url.scheme\":\"https\""u8 : ",\"url.scheme\":\"http\""u8);
        WriteText(output, "url.path"u8, head.Path.IsEmpty ? head.Target : head.Path);
        WriteText(output, "url.query"u8, head.Query);
        WriteText(output, "network.protocol.version"u8, head.MinorVersion == 0 ? "1.0"u8 : "1.1"u8);
        ReadOnlySpan<byte> authority = head.Authority;
        int colon = authority.LastIndexOf((byte)':');
        bool hasPort = colon > authority.LastIndexOf((byte)']');
        WriteText(output, "server.address"u8, hasPort ? authority[..colon] : authority);
        if (hasPort && colon < authority.Length - 1)
        {
            output.Write(",\"server.port\":"u8); // The parser has let digits through, and nothing else.
            output.Write(authority[(colon + 1)..].TrimStart((byte)'0') is { IsEmpty: false } port ? port : "0"u8);
        }

        WriteText(output, "user_agent.original"u8, FieldOf(head, start, "user-agent"u8));
        WriteList(output, "http.request.header.referer"u8, FieldOf(head, start, "referer"u8));
        WriteList(output, "http.request.header.range"u8, FieldOf(head, start, "range"u8));
        Span<byte> name = stackalloc byte[UserNames.Longest];
        if (users is not null && users.TryRead(head, start, name, out int length))
        {
            WriteText(output, "user.name"u8, name[..length]);
        }
    }
}
