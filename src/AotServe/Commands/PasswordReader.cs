using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Lifetime;
using AotServe.Native;

namespace AotServe.Commands;

/// <summary>
/// Reads a password, a line of stdin, for <c>hash-password</c>. On a terminal, what is typed is not shown, and what was typed
/// before the question is discarded. The terminal is restored however the program ends.
/// </summary>
internal static class PasswordReader
{
    /// <summary>The longest line in bytes.</summary>
    public const int Longest = 512;

    private const int StandardInput = 0;

    /// <summary>Whether stdin is a terminal, so that there is someone to ask.</summary>
    public static bool IsTerminal =>
        OperatingSystem.IsWindows() ? !Console.IsInputRedirected : Terminal.IsTerminal(StandardInput);

    /// <summary>Reads a line without its end. False: there was none.</summary>
    /// <param name="question">Printed on stderr before a terminal is read; null: stdin is no terminal.</param>
    /// <param name="destination">
    /// At least <see cref="Longest"/> + 1 bytes. A longer line fills it, and the rest of the line is discarded.
    /// </param>
    /// <param name="length">The length of the line in bytes.</param>
    public static bool TryRead(string? question, Span<byte> destination, out int length)
    {
        if (question is null)
        {
            return TryReadLine(destination, out length);
        }

        if (!OperatingSystem.IsWindows())
        {
            return TryReadHidden(question, destination, out length);
        }

        StandardStreams.Prompt(question);
        length = ReadKeys(destination);
        return true;
    }

    [UnsupportedOSPlatform("windows")]
    private static bool TryReadHidden(string question, Span<byte> destination, out int length)
    {
        // Before the question, so that what is typed in answer to it is not discarded.
        if (Terminal.HideInput(StandardInput, out byte[] before) < 0)
        {
            length = 0;
            return false;
        }

        // After the handler, a signal has its default effect: it ends the program.
        void Restore(PosixSignalContext context) => Terminal.Restore(StandardInput, before);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Restore);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Restore);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Restore);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Restore);
        try
        {
            StandardStreams.Prompt(question);
            return TryReadLine(destination, out length);
        }
        finally
        {
            _ = Terminal.Restore(StandardInput, before);
            StandardStreams.Prompt("\n");
        }
    }

    private static bool TryReadLine(Span<byte> destination, out int length)
    {
        using Stream? stream = OperatingSystem.IsWindows() ? Console.OpenStandardInput() : null;
        length = 0;
        Span<byte> one = stackalloc byte[1];
        while (true)
        {
            // Byte by byte, so that nothing behind the line is consumed.
            nint got = OperatingSystem.IsWindows() ? stream!.Read(one) : FileDescriptor.Read(StandardInput, one);
            if (got <= 0 && length == 0)
            {
                return false;
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

        if (length > 0 && length < destination.Length && destination[length - 1] == '\r')
        {
            length--;
        }

        return true;
    }

    /// <summary>Reads the keys of a Windows console up to Enter.</summary>
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
