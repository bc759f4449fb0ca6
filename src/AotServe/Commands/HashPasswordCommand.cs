using System;
using System.Text.Unicode;
using AotServe.Lifetime;
using AotServe.Native;
using AotServe.Sites.Access;

namespace AotServe.Commands;

/// <summary>
/// <c>aotserve hash-password</c>: asks for a password twice, or reads it from stdin where that is no terminal, and prints
/// its hash, or the line of an auth file. The password is nowhere but in memory.
/// </summary>
internal static class HashPasswordCommand
{
    /// <summary>Asks, prints, and returns the exit code.</summary>
    /// <param name="user">The name to put before the hash; null: none.</param>
    public static int Run(string? user)
    {
        if (user is not null && !UserFile.IsName(user))
        {
            return Refuse("hash-password: a user's name is 1 to 128 bytes, has no colon in it, and does not begin with #");
        }

        Span<byte> space = stackalloc byte[PasswordReader.Longest + 1];
        Span<byte> again = stackalloc byte[PasswordReader.Longest + 1];
        bool asks = PasswordReader.IsTerminal;
        int length = PasswordReader.Read(asks ? "Password: " : null, space);
        if (length < 0)
        {
            return Refuse("hash-password: no password was given");
        }

        ReadOnlySpan<byte> password = space[..length];
        if (Complaint(password) is { } error)
        {
            return Refuse(error);
        }

        if (asks)
        {
            length = PasswordReader.Read("Again, to be sure: ", again);
            if (length < 0 || !again[..length].SequenceEqual(password))
            {
                return Refuse("hash-password: these were two different passwords; nothing was made");
            }
        }

        Span<byte> salt = stackalloc byte[PasswordHash.SaltLength];
        RandomBytes.Fill(salt);
        var hash = PasswordHash.Make(password, salt, PasswordHash.UsualIterations);
        StandardStreams.Print(user is null ? $"{hash}\n" : $"{user}:{hash}\n");
        return 0;
    }

    /// <summary>What keeps clients from sending it (RFC 7617 §2), or from sending it alike.</summary>
    private static string? Complaint(ReadOnlySpan<byte> password)
    {
        if (password.IsEmpty)
        {
            return "hash-password: the password is empty";
        }

        if (password.Length > PasswordReader.Longest)
        {
            return $"hash-password: the password is longer than {PasswordReader.Longest} bytes";
        }

        if (!Utf8.IsValid(password))
        {
            return "hash-password: the password is not UTF-8";
        }

        return password.IndexOfAnyInRange((byte)0, (byte)31) >= 0 || password.Contains((byte)127)
            ? "hash-password: the password has a control character in it, which HTTP cannot carry"
            : null;
    }

    private static int Refuse(string reason)
    {
        StandardStreams.WriteError(reason);
        return ExitCode.UsageError;
    }
}
