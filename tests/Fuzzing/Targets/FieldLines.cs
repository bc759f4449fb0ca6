using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Http;

namespace AotServe.Fuzzing;

/// <summary>A request whose field lines are given, for what reads fields.</summary>
internal static class FieldLines
{
    /// <summary>Parses a GET with these lines. False where they do not make one request and nothing more.</summary>
    public static bool TryParse(ReadOnlySpan<byte> lines, RequestHead head)
    {
        byte[] bytes = [.. "GET / HTTP/1.1\r\nHost: a\r\n"u8, .. lines, .. "\r\n\r\n"u8];
        return RequestParser.Parse(bytes, 0, bytes.Length, head) == ParseStatus.Complete && head.Length == bytes.Length;
    }

    /// <summary>The values of a field, a line each.</summary>
    public static List<string> Values(RequestHead head, string name) =>
        [.. Enumerable.Range(0, head.FieldCount)
            .Where(i => Text(head.FieldName(i)).Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(i => Text(head.FieldValue(i)))];

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
