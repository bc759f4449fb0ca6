using System;
using System.IO;
using System.Text;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// Lines on stdout and stderr that never stop the server: a stream that is closed, broken or full loses the line. Cheaper
/// at start-up than <see cref="Console"/>, which it leaves alone. Any thread may call.
/// </summary>
internal static class StandardStreams
{
    private const int Out = 1;
    private const int Error = 2;

    /// <summary>One line on stdout, if it can be taken now.</summary>
    public static void Report(string line) => Try(Out, line + "\n");

    /// <summary>One line on stderr, after the program's name, if it can be taken now.</summary>
    public static void WriteError(string line) => Try(Error, "aotserve: " + line + "\n");

    /// <summary>A question on stderr, as it is, for whoever sits before the terminal.</summary>
    public static void Prompt(string text) => Try(Error, text);

    /// <summary>All of a text on stdout, waiting for whoever reads it; for a program that prints and ends.</summary>
    public static void Print(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (OperatingSystem.IsWindows())
        {
            WriteManaged(Out, bytes);
            return;
        }

        for (int sent = 0; sent < bytes.Length;)
        {
            nint written = FileDescriptor.Write(Out, bytes.AsSpan(sent));
            if (written < 0)
            {
                return;
            }

            sent += (int)written;
        }
    }

    private static void Try(int descriptor, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (OperatingSystem.IsWindows())
        {
            WriteManaged(descriptor, bytes);
        }
        else if (FileDescriptor.IsWritable(descriptor)) // a pipe that is writable has room for PIPE_BUF bytes (pipe(7))
        {
            _ = FileDescriptor.Write(descriptor, bytes.AsSpan(0, Math.Min(bytes.Length, 4096)));
        }
    }

    private static void WriteManaged(int descriptor, byte[] bytes)
    {
        try
        {
            using Stream stream = descriptor == Out ? Console.OpenStandardOutput() : Console.OpenStandardError();
            stream.Write(bytes);
        }
        catch (IOException)
        {
            // Nobody reads it.
        }
    }
}
