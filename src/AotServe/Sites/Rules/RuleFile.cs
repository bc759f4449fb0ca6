using System;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Text;
using AotServe.Files;
using AotServe.Http;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Sites.Rules;

/// <summary>
/// The two files in a root folder with rules for the site, <c>_headers</c> and <c>_redirects</c>. They are never served.
/// </summary>
internal static class RuleFile
{
    /// <summary>The most rules in a file.</summary>
    public const int MaxRules = 5000;

    /// <summary>The longest line in bytes, without its line end.</summary>
    public const int MaxLine = 4096;

    /// <summary>The most bytes in a file.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>
    /// The most steps that the rules of a file may take for one request, whatever it is: a step compares one segment or one parameter, and
    /// took some nanoseconds where it was measured.
    /// </summary>
    public const int MaxSteps = 40_000;

    /// <summary>
    /// The longest target of a redirect, and the longest value of a field, that the captures of a request may make, in bytes. Own choice:
    /// twice the longest request line that this server takes.
    /// </summary>
    public const int MaxExpanded = 2 * HttpLimits.RequestLine;

    /// <summary>The most placeholders, splat and query parameters in a rule.</summary>
    public const int MaxCaptures = 16;

    public const string HeadersName = "_headers";

    public const string RedirectsName = "_redirects";

    /// <summary>The names of both.</summary>
    public static string[] Names => [HeadersName, RedirectsName];

    /// <summary>What is wrong with a rule that, with others, could take more than <see cref="MaxSteps"/>.</summary>
    public static string TooManySteps =>
        "is one of too many rules that a request may have to be compared with; begin their paths with a fixed part, or have fewer"u8.Text();

    /// <summary>Reads a rule file through the root folder, which lets no path out, as for files that are served.</summary>
    /// <param name="root">The root folder.</param>
    /// <param name="rootPath">Its path, for messages.</param>
    /// <param name="name">The name of the rule file.</param>
    /// <param name="content">The content; empty if there is no such file.</param>
    /// <param name="error">One line: the path of the file and what is wrong with it.</param>
    public static bool TryRead(
        RootFolder root,
        string rootPath,
        string name,
        [NotNullWhen(true)] out byte[]? content,
        [NotNullWhen(false)] out string? error)
    {
        content = null;
        string fullName = Path.Combine(rootPath, name);
        Span<byte> path = stackalloc byte[16];
        path = path[..Encoding.ASCII.GetBytes(name, path)];
        FileOutcome outcome = root.Find(path, out FileEntry entry);
        if (outcome == FileOutcome.NotFound)
        {
            error = File.Exists(fullName) ? fullName + ": lies outside of the folder; put the file itself there"u8.Text() : null;
            content = error is null ? [] : null;
            return error is null;
        }

        if (outcome == FileOutcome.Found && entry.Kind != FileKind.Regular)
        {
            error = fullName + ": is not a file; put a file there, or nothing"u8.Text();
            return false;
        }

        SafeFileHandle? file = null;
        if (outcome == FileOutcome.Found)
        {
            outcome = root.OpenFile(path, out entry, out file);
        }

        using (file)
        {
            error = file is null ? $"{fullName}: cannot be read ({outcome}); give the server leave to read it"
                : entry.Length > MaxBytes ? $"{fullName}: is larger than {MaxBytes} bytes; have fewer rules"
                : TryReadAll(file, entry.Length, out content) ? null
                : $"{fullName}: cannot be read; try again";
            return error is null;
        }
    }

    /// <summary>Quotes a part of a rule for a message: on one line, and cut off after 80 bytes.</summary>
    public static string Quote(ReadOnlySpan<byte> text)
    {
        var quoted = new StringBuilder("'");
        foreach (byte octet in text[..Math.Min(text.Length, 80)])
        {
            quoted.Append(octet is >= 0x20 and < 0x7F ? (char)octet : '?');
        }

        return quoted.Append(text.Length > 80 ? "…'" : "'").ToString();
    }

    private static bool TryReadAll(SafeFileHandle file, long length, [NotNullWhen(true)] out byte[]? content)
    {
        content = new byte[length];
        try
        {
            int read = 0;
            for (int count = -1; count != 0 && read < content.Length; read += count)
            {
                count = RandomAccess.Read(file, content.AsSpan(read), read);
            }

            Array.Resize(ref content, read);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            content = null;
            return false;
        }
    }
}
