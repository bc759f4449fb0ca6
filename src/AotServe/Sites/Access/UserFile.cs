using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites.Access;

/// <summary>
/// Users and the hashes of their passwords, as they stood in a file: lines <c>user:hash</c>, empty ones, and comments
/// behind a <c>#</c> at the beginning of a line. Never changes; any thread may call.
/// </summary>
internal sealed class UserFile
{
    private const int LongestFile = 1024 * 1024;
    private const int LongestName = 128;

    private readonly (byte[] Name, PasswordHash Hash)[] _users;
    private readonly PasswordHash _costliest;

    private UserFile(List<(byte[] Name, PasswordHash Hash)> users)
    {
        _users = [.. users];
        _costliest = _users[0].Hash;
        foreach ((_, PasswordHash hash) in _users)
        {
            _costliest = hash.Iterations > _costliest.Iterations ? hash : _costliest;
        }
    }

    /// <summary>How many users there are, at least one.</summary>
    public int Count => _users.Length;

    /// <summary>Whether users of the machine could read it who are neither its owner nor of its group.</summary>
    public bool IsReadableByAll { get; private set; }

    /// <summary>
    /// Reads the file at <paramref name="path"/>. Returns null, or one line that says what is wrong with it, and where:
    /// never what stands there, which could be a password.
    /// </summary>
    public static string? TryRead(string path, out UserFile? file)
    {
        file = null;
        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            UnixFileMode mode = OperatingSystem.IsWindows() ? 0 : File.GetUnixFileMode(handle);
            if ((mode & UnixFileMode.OtherWrite) != 0)
            {
                return $"{path}: every user of this machine may write to the file; 'chmod o-w' keeps it to its owner";
            }

            byte[] bytes = new byte[LongestFile + 1];
            int length = 0;
            while (RandomAccess.Read(handle, bytes.AsSpan(length), length) is > 0 and int read)
            {
                length += read;
            }

            if (length > LongestFile)
            {
                return $"{path}: the file is larger than 1 MiB; is it the right one?";
            }

            ReadOnlySpan<byte> text = bytes.AsSpan(0, length);
            text = text.StartsWith(Encoding.UTF8.Preamble) ? text[Encoding.UTF8.Preamble.Length..] : text;
            string? error = TryParse(path, new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text), out file);
            if (file is not null)
            {
                file.IsReadableByAll = (mode & UnixFileMode.OtherRead) != 0;
            }

            return error;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"{path}: there is no such file; make its lines with 'aotserve hash-password --user NAME'";
        }
        catch (UnauthorizedAccessException)
        {
            return $"{path}: the file may not be read by this user";
        }
        catch (DecoderFallbackException)
        {
            return $"{path}: the file is not UTF-8";
        }
        catch (IOException)
        {
            return $"{path}: the file cannot be read";
        }
    }

    /// <summary>The same of a file's text.</summary>
    public static string? TryParse(string path, string text, out UserFile? file)
    {
        file = null;
        var users = new List<(byte[] Name, PasswordHash Hash)>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            string line = raw.Trim().ToString();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            int colon = line.IndexOf(':');
            string name = line[..Math.Max(colon, 0)];
            if (colon <= 0)
            {
                return $"{path}:{number}: the line is not user:hash";
            }

            if (!IsName(name))
            {
                return $"{path}:{number}: the user's name is longer than {LongestName} bytes or has control characters in it";
            }

            if (PasswordHash.Parse(line[(colon + 1)..]) is not { } hash)
            {
                return $"{path}:{number}: what follows the colon is no hash as 'aotserve hash-password' makes it";
            }

            if (!lines.TryAdd(name, number))
            {
                return $"{path}:{number}: the user has a line already, {lines[name]}";
            }

            users.Add((Encoding.UTF8.GetBytes(name), hash));
        }

        if (users.Count == 0)
        {
            return $"{path}: there is no user in the file, so nobody could be let in";
        }

        file = new UserFile(users);
        return null;
    }

    /// <summary>Whether a line <c>user:hash</c> can have that name, and a client send it (RFC 7617 §2).</summary>
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
    /// Whether there is such a user with that password. An unknown user takes as long as the one whose hash costs most,
    /// and all lines are looked at, so that time does not tell who is known.
    /// </summary>
    public bool Knows(ReadOnlySpan<byte> name, ReadOnlySpan<byte> password)
    {
        PasswordHash? found = null;
        foreach ((byte[] known, PasswordHash hash) in _users)
        {
            found = name.SequenceEqual(known) ? hash : found;
        }

        return (found ?? _costliest).IsOf(password) && found is not null;
    }
}
