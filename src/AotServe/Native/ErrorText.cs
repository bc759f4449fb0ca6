using System;
using System.ComponentModel;
using System.IO;
using System.Net.Sockets;

namespace AotServe.Native;

/// <summary>
/// What an exception says, in words. The program has none of the runtime's own texts (UseSystemResourceKeys): its exceptions say
/// <c>IO_PathNotFound_Path</c> instead, and what stands for the gaps in the text.
/// </summary>
internal static class ErrorText
{
    /// <summary>One line, without the type: the words of this program, those of the system for its error number, or else ours.</summary>
    public static string Describe(Exception failure) => failure switch
    {
        TypeInitializationException { InnerException: { } inner } => Describe(inner),
        AggregateException { InnerException: { } inner } => Describe(inner),

        // Not every error number of Unix has a number of Windows, and then .NET has none at all.
        SocketException { SocketErrorCode: SocketError.SocketError } => "the address cannot be used",
        Win32Exception numbered => Errno.Describe(numbered.NativeErrorCode),
        _ when !IsResourceKey(failure.Message) => failure.Message.ReplaceLineEndings(" "),
        FileNotFoundException or DirectoryNotFoundException => "there is no such file or folder",
        UnauthorizedAccessException => "permission denied",
        PathTooLongException => "the path is too long",
        IOException when ErrorNumberOf(failure.HResult) is > 0 and var number => Errno.Describe(number),
        IOException => "it cannot be read or written",
        OutOfMemoryException => "there is no memory left",
        _ => "a fault of this program",
    };

    /// <summary>
    /// Whether a message begins with the key of a text that is not there, and not with a word. Arguments may follow, or another key.
    /// </summary>
    private static bool IsResourceKey(string message)
    {
        int end = message.AsSpan().IndexOfAny(" ,\r\n");
        return end < 0 || message.AsSpan(1, Math.Max(0, end - 1)).Contains('_');
    }

    /// <summary>The error number in an exception's result code: on Unix that is it, on Windows it is the lower half.</summary>
    private static int ErrorNumberOf(int result) =>
        OperatingSystem.IsWindows() ? ((result & 0xFFFF_0000) == 0x8007_0000 ? result & 0xFFFF : 0) : result is > 0 and < 4096 ? result : 0;
}
