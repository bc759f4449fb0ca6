using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using AotServe.Native;

namespace AotServe.Lifetime;

/// <summary>
/// Writes lines to stdout and stderr without ever blocking the server: if a stream is closed, broken or full, the line is
/// lost. Needs less at start-up than <see cref="Console"/>. Any thread may call.
/// </summary>
internal static class StandardStreams
{
    private const int Out = 1;
    private const int Error = 2;

    /// <summary>How many lines of stderr are kept for the status page.</summary>
    private const int MostKept = 20;

    private static readonly Queue<string> Kept = new();

    /// <summary>The last lines of stderr, oldest first.</summary>
    public static string[] LastErrors
    {
        get
        {
            lock (Kept)
            {
                return Kept.ToArray();
            }
        }
    }

    /// <summary>Writes one line to stdout, if that does not block.</summary>
    public static void Report(string line) => Try(Out, line + "\n");

    /// <summary>Writes lines to stderr, each after the program's name, if that does not block.</summary>
    public static void WriteError(string lines)
    {
        foreach (string line in lines.Split('\n'))
        {
            Keep(line);
            Try(Error, ErrorPrefix.Make() + "aotserve: " + line + "\n");
        }
    }

    /// <summary>Writes a question for the user to stderr, without a newline, if that does not block.</summary>
    public static void Prompt(string text) => Try(Error, text);

    /// <summary>Writes a whole text to stdout and waits for its reader; for a program that prints and ends.</summary>
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

    private static void Keep(string line)
    {
        lock (Kept)
        {
            if (Kept.Count == MostKept)
            {
                Kept.Dequeue();
            }

            Kept.Enqueue(line);
        }
    }

    private static void Try(int descriptor, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        if (OperatingSystem.IsWindows())
        {
            WriteManaged(descriptor, bytes);
        }
        else if (FileDescriptor.IsWritable(descriptor)) // A writable pipe has room for PIPE_BUF bytes (pipe(7)).
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
            // The stream is closed: the line is lost.
        }
    }
}
