using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Lifetime;
using AotServe.Native;

namespace AotServe.Commands;

/// <summary>
/// Reads a line from stdin; from a terminal without showing it, and with what was typed before the question thrown away.
/// However the program ends meanwhile, the terminal shows again afterwards what is typed.
/// </summary>
internal static class PasswordReader
{
    /// <summary>The longest line in bytes.</summary>
    public const int Longest = 512;

    private const int In = 0;

    /// <summary>Whether stdin is a terminal, so that somebody can be asked.</summary>
    public static bool IsTerminal =>
        OperatingSystem.IsWindows() ? !Console.IsInputRedirected : Terminal.IsTerminal(In);

    /// <summary>Reads a line without its end.</summary>
    /// <param name="question">What to ask on stderr first, with no echo of the answer; null: stdin is no terminal.</param>
    /// <param name="destination">
    /// At least <see cref="Longest"/> + 1 bytes. A line that is longer fills it, and the rest of it is passed over.
    /// </param>
    /// <returns>The length; −1: there was no line.</returns>
    public static int Read(string? question, Span<byte> destination)
    {
        if (question is null)
        {
            return ReadLine(destination);
        }

        if (!OperatingSystem.IsWindows())
        {
            return ReadHidden(question, destination);
        }

        StandardStreams.Prompt(question);
        return ReadKeys(destination);
    }

    [UnsupportedOSPlatform("windows")]
    private static int ReadHidden(string question, Span<byte> destination)
    {
        // Before the question: what is typed in answer to it is not thrown away.
        if (Terminal.HideInput(In, out byte[] before) < 0)
        {
            return -1;
        }

        // After these the signals take their usual course, which ends the program.
        void Restore(PosixSignalContext context) => Terminal.Restore(In, before);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Restore);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Restore);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Restore);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Restore);
        try
        {
            StandardStreams.Prompt(question);
            return ReadLine(destination);
        }
        finally
        {
            _ = Terminal.Restore(In, before);
            StandardStreams.Prompt("\n");
        }
    }

    private static int ReadLine(Span<byte> destination)
    {
        using Stream? stream = OperatingSystem.IsWindows() ? Console.OpenStandardInput() : null;
        int length = 0;
        Span<byte> one = stackalloc byte[1];
        while (true)
        {
            // Byte by byte, so that nothing is taken that is not this line's.
            nint got = OperatingSystem.IsWindows() ? stream!.Read(one) : FileDescriptor.Read(In, one);
            if (got <= 0 && length == 0)
            {
                return -1;
            }

            if (got <= 0 || one[0] == '\n')
            {
                break;
            }

            if (length < destination.Length)
            {
                destination[length++] = one[0];
            }
        }

        return length > 0 && length < destination.Length && destination[length - 1] == '\r' ? length - 1 : length;
    }

    private static int ReadKeys(Span<byte> destination)
    {
        var line = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key == ConsoleKey.Backspace)
            {
                line.Length = Math.Max(0, line.Length - 1);
            }
            else if (key.KeyChar != '\0' && line.Length < Longest)
            {
                line.Append(key.KeyChar);
            }
        }

        StandardStreams.Prompt("\n");
        byte[] bytes = Encoding.UTF8.GetBytes(line.ToString());
        int length = Math.Min(bytes.Length, destination.Length);
        bytes.AsSpan(0, length).CopyTo(destination);
        return length;
    }
}
