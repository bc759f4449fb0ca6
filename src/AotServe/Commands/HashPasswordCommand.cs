using System;
using System.Diagnostics.CodeAnalysis;
using System.Text.Unicode;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Sites.Access;

namespace AotServe.Commands;

/// <summary>
/// <c>aotserve hash-password</c>: asks for a password twice, or reads it once from a stdin that is no terminal, and prints its
/// hash, or with a user's name a line for an auth file. The password is not stored anywhere.
/// </summary>
internal static class HashPasswordCommand
{
    /// <summary>Asks, prints, and returns the exit code.</summary>
    /// <param name="user">The user's name to put before the hash; null: none.</param>
    public static int Run(string? user)
    {
        if (user is not null && !UserFile.IsName(user))
        {
            return Refuse("hash-password: a user's name is 1 to 128 bytes, has no colon in it, and does not begin with #"u8.Text());
        }

        Span<byte> space = stackalloc byte[PasswordReader.Longest + 1];
        Span<byte> again = stackalloc byte[PasswordReader.Longest + 1];
        bool asks = PasswordReader.IsTerminal;
        if (!PasswordReader.TryRead(asks ? "Password: " : null, space, out int length))
        {
            return Refuse("hash-password: no password was given");
        }

        ReadOnlySpan<byte> password = space[..length];
        if (!TryCheck(password, out string? error))
        {
            return Refuse(error);
        }

        if (asks)
        {
            if (!PasswordReader.TryRead("Again, to be sure: ", again, out length) || !again[..length].SequenceEqual(password))
            {
                return Refuse("hash-password: these were two different passwords; nothing was made"u8.Text());
            }
        }

        Span<byte> salt = stackalloc byte[PasswordHash.SaltLength];
        RandomBytes.Fill(salt);
        var hash = PasswordHash.Make(password, salt, PasswordHash.UsualIterations);
        StandardStreams.Print(user is null ? $"{hash}\n" : $"{user}:{hash}\n");
        return ExitCode.Success;
    }

    /// <summary>Whether all clients can send this password (RFC 7617 §2), and send it as the same bytes.</summary>
    private static bool TryCheck(ReadOnlySpan<byte> password, [NotNullWhen(false)] out string? error)
    {
        error = password.IsEmpty ? "hash-password: the password is empty"
            : password.Length > PasswordReader.Longest
                ? $"hash-password: the password is longer than {PasswordReader.Longest} bytes"
            : !Utf8.IsValid(password) ? "hash-password: the password is not UTF-8"u8.Text()
            : password.IndexOfAnyInRange((byte)0, (byte)31) >= 0 || password.Contains((byte)127)
                ? "hash-password: the password has a control character in it, which HTTP cannot carry"u8.Text()
            : null;
        return error is null;
    }

    private static int Refuse(string error)
    {
        StandardStreams.WriteError(error);
        return ExitCode.UsageError;
    }
}
