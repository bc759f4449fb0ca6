using System;
using System.Text;

namespace AotServe.Fuzzing;

/// <summary>A chunked body and what follows it.</summary>
internal static class ChunkedTarget
{
    private const string Head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

    public static void Run(ReadOnlySpan<byte> input) =>
        RequestTarget.Run(Encoding.Latin1.GetBytes(Head + Encoding.Latin1.GetString(input)));
}
