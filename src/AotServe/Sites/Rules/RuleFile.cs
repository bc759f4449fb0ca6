using System;
using System.IO;
using System.Text;
using AotServe.Files;
using AotServe.Sites.Paths;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites.Rules;

/// <summary>The two files at a root that say how the rest of it is served, and are never served themselves.</summary>
internal static class RuleFile
{
    /// <summary>The most rules in a file.</summary>
    public const int MaxRules = 5000;

    /// <summary>The longest line in bytes, without its line end.</summary>
    public const int MaxLine = 4096;

    /// <summary>The most bytes in a file.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>The most placeholders, splat and query parameters in a rule.</summary>
    public const int MaxCaptures = 16;

    public const string HeadersName = "_headers";

    public const string RedirectsName = "_redirects";

    /// <summary>Whether a path beneath the root, as <see cref="RequestPath"/> makes it, names one of the two.</summary>
    public static bool IsNamed(ReadOnlySpan<byte> path) =>
        // Without regard to case, because some file systems have none.
        Ascii.EqualsIgnoreCase(path, "_headers"u8) || Ascii.EqualsIgnoreCase(path, "_redirects"u8);

    /// <summary>
    /// Reads a file at the root, by the same walls as files that are served. Gives the error, or null with the content,
    /// which is empty where there is no such file.
    /// </summary>
    public static string? Read(RootFolder root, string rootPath, string name, out byte[] content)
    {
        content = [];
        string fullName = Path.Combine(rootPath, name);
        Span<byte> path = stackalloc byte[16];
        path = path[..Encoding.ASCII.GetBytes(name, path)];
        FileOutcome outcome = root.Find(path, out FileEntry entry);
        if (outcome == FileOutcome.NotFound)
        {
            return File.Exists(fullName) ? $"{fullName}: lies outside of the folder; put the file itself there" : null;
        }

        if (outcome == FileOutcome.Found && entry.Kind != FileKind.Regular)
        {
            return $"{fullName}: is not a file; put a file there, or nothing";
        }

        SafeFileHandle? file = null;
        if (outcome == FileOutcome.Found)
        {
            outcome = root.OpenFile(path, out entry, out file);
        }

        using (file)
        {
            if (file is null)
            {
                return $"{fullName}: cannot be read ({outcome}); give the server leave to read it";
            }

            if (entry.Length > MaxBytes)
            {
                return $"{fullName}: is larger than {MaxBytes} bytes; have fewer rules";
            }

            content = new byte[entry.Length];
            return ReadAll(file, ref content) ? null : $"{fullName}: cannot be read; try again";
        }
    }

    /// <summary>What a rule says, fit to stand in a message: in quotes, on one line, not longer than makes sense.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var quoted = new StringBuilder("'");
        foreach (byte octet in text[..Math.Min(text.Length, 80)])
        {
            quoted.Append(octet is >= 0x20 and < 0x7F ? (char)octet : '?');
        }

        return quoted.Append(text.Length > 80 ? "…'" : "'").ToString();
    }

    private static bool ReadAll(SafeFileHandle file, ref byte[] content)
    {
        try
        {
            int length = 0;
            for (int count = -1; count != 0 && length < content.Length; length += count)
            {
                count = RandomAccess.Read(file, content.AsSpan(length), length);
            }

            Array.Resize(ref content, length);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
