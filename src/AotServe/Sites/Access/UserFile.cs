using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites.Access;

/// <summary>
/// Users and the hashes of their passwords, read from a file: lines <c>user:hash</c>, empty lines, and comments, which
/// begin with <c>#</c>. Immutable; any thread may use it.
/// </summary>
internal sealed class UserFile
{
    private const int LongestFile = 1024 * 1024;
    private const int LongestName = 128;

    private readonly (byte[] Name, PasswordHash Hash)[] _users;
    private readonly PasswordCost _cost;

    private UserFile(List<(byte[] Name, PasswordHash Hash)> users)
    {
        _users = [.. users];
        foreach ((_, PasswordHash hash) in _users)
        {
            _cost = _cost.Or(hash.Cost);
        }
    }

    /// <summary>How many users there are, at least one.</summary>
    public int Count => _users.Length;

    /// <summary>Whether users of the machine other than its owner and its group may read the file.</summary>
    public bool IsReadableByAll { get; private set; }

    /// <summary>
    /// Reads the file at <paramref name="path"/>. The error is one line that says what is wrong, and where, but never what
    /// stands there: that could be a password.
    /// </summary>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out UserFile? file, [NotNullWhen(false)] out string? error)
    {
        file = null;
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            UnixFileMode mode = OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(handle);
            if ((mode & UnixFileMode.OtherWrite) != 0)
            {
                error = path + ": every user of this machine may write to the file; 'chmod o-w' keeps it to its owner"u8.Text();
                return false;
            }

            byte[] bytes = new byte[LongestFile + 1];
            int length = 0;
            while (RandomAccess.Read(handle, bytes.AsSpan(length), length) is > 0 and int read)
            {
                length += read;
            }

            if (length > LongestFile)
            {
                error = path + ": the file is larger than 1 MiB; is it the right one?"u8.Text();
                return false;
            }

            ReadOnlySpan<byte> text = bytes.AsSpan(0, length);
            text = text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
            if (!TryParse(path, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text), out file, out error))
            {
                return false;
            }

            file.IsReadableByAll = (mode & UnixFileMode.OtherRead) != 0;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            error = e switch
            {
                FileNotFoundException or DirectoryNotFoundException =>
                    path + ": there is no such file; make its lines with 'aotserve hash-password --user NAME'"u8.Text(),
                UnauthorizedAccessException => $"{path}: the file may not be read by this user",
                DecoderFallbackException => $"{path}: the file is not UTF-8",
                _ => $"{path}: the file cannot be read",
            };
            return false;
        }
    }

    /// <summary>Reads the text of a file. The path is for messages only.</summary>
    public static bool TryParse(
        string path, string text, [NotNullWhen(true)] out UserFile? file, [NotNullWhen(false)] out string? error)
    {
        file = null;
        var users = new List<(byte[] Name, PasswordHash Hash)>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            string line = raw.Trim().ToString();
            if (line.Length > 0 && line[0] != '#' && !TryParseLine(line, number, users, lines, out error))
            {
                error = $"{path}:{number}: {error}";
                return false;
            }
        }

        error = users.Count == 0 ? path + ": there is no user in the file, so nobody could be let in"u8.Text() : null;
        file = error is null ? new UserFile(users) : null;
        return file is not null;
    }

    private static bool TryParseLine(
        string line,
        int number,
        List<(byte[] Name, PasswordHash Hash)> users,
        Dictionary<string, int> lines,
        [NotNullWhen(false)] out string? error)
    {
        int colon = line.IndexOf(':');
        if (colon <= 0)
        {
            error = "the line is not user:hash";
            return false;
        }

        string name = line[..colon];
        if (!IsName(name))
        {
            error = $"the user's name is longer than {LongestName} bytes or has control characters in it";
            return false;
        }

        if (!PasswordHash.TryParse(line[(colon + 1)..], out PasswordHash? hash))
        {
            error = FormOf(line.AsSpan(colon + 1)) is { } form
                ? $"the hash is {form}" + ", which is not supported; make one with 'aotserve hash-password', or with htpasswd -B"u8.Text()
                : "what follows the colon is no hash as 'aotserve hash-password' or htpasswd -B makes it"u8.Text();
            return false;
        }

        if (!lines.TryAdd(name, number))
        {
            error = $"the user has a line already, {lines[name]}";
            return false;
        }

        users.Add((Encoding.UTF8.GetBytes(name), hash));
        error = null;
        return true;
    }

    /// <summary>The name of a form of hashes that other programs write; null: it is none of those.</summary>
    private static string? FormOf(ReadOnlySpan<char> hash) =>
        hash.StartsWith("$apr1$") || hash.StartsWith("$1$") ? "MD5 (htpasswd -m)"
        : hash.StartsWith("{SHA}") || hash.StartsWith("{SSHA}") ? "SHA-1 (htpasswd -s)"
        : hash.StartsWith("$5$") || hash.StartsWith("$6$") ? "SHA-256 or SHA-512 of crypt(3)"
        : hash.StartsWith("$argon2") ? "Argon2"
        : hash.StartsWith("$scrypt") || hash.StartsWith("$7$") ? "scrypt"
        : hash.StartsWith("$y$") ? "yescrypt"
        : hash.StartsWith("$2") ? "bcrypt of a form or a cost that is not taken ($2a$, $2b$ or $2y$, 4 to 16)"u8.Text()
        : null;

    /// <summary>Whether a name can stand in a line <c>user:hash</c>, and be sent by a client (RFC 7617 §2).</summary>
    public static bool IsName(string name)
    {
        foreach (char c in name)
        {
            if (c == ':' || char.IsControl(c))
            {
                return false;
            }
        }

        return name.Length > 0 && name[0] != '#' && name.Trim() == name && Encoding.UTF8.GetByteCount(name) <= LongestName;
    }

    /// <summary>
    /// Finds out whether there is such a user with that password. SECURITY: every user takes as long as the one whose hash costs
    /// most, an unknown one too, and all lines are compared, so that the time does not tell which users exist. Any thread may
    /// call; it takes as long as the hash.
    /// </summary>
    /// <returns>False: it was cancelled.</returns>
    public bool TryVerify(
        ReadOnlySpan<byte> name, ReadOnlySpan<byte> password, CancellationToken cancellation, out bool isRight)
    {
        PasswordHash? found = null;
        foreach ((byte[] known, PasswordHash hash) in _users)
        {
            found = name.SequenceEqual(known) ? hash : found;
        }

        bool isHashed = (found ?? _users[0].Hash).TryVerify(password, _cost, cancellation, out bool isSame);
        isRight = isHashed && isSame && found is not null;
        return isHashed;
    }
}
