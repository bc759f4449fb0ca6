using System;
using System.Collections.Generic;
using System.Text;

namespace AotServe.Files;

/// <summary>
/// Names of files that are answered as if they did not exist (<c>--hide</c>). A pattern without a slash is compared with each
/// name on a path, one with a slash with the path from the root on. Everything in a hidden folder is hidden too.
/// <c>*</c> matches any part of a name, <c>?</c> one character, <c>**</c> any part of a path; no other character is special.
/// Immutable; any thread may use it.
/// </summary>
internal sealed class HiddenNames
{
    private readonly byte[][] _names;
    private readonly byte[][] _paths;
    private readonly bool _ignoreCase;

    /// <summary>Reads the patterns.</summary>
    /// <param name="patterns">Patterns; a slash at the end makes no difference.</param>
    /// <param name="ignoreCase">Whether lower and upper case ASCII letters are the same to the file system.</param>
    public HiddenNames(IEnumerable<string> patterns, bool ignoreCase)
    {
        var names = new List<byte[]>();
        var paths = new List<byte[]>();
        foreach (string pattern in patterns)
        {
            string trimmed = pattern.TrimEnd('/');
            (trimmed.Contains('/') ? paths : names).Add(Encoding.UTF8.GetBytes(trimmed.TrimStart('/')));
        }

        _names = [.. names];
        _paths = [.. paths];
        _ignoreCase = ignoreCase;
    }

    /// <summary>Whether <paramref name="path"/>, in the form that <see cref="RootFolder"/> takes, is hidden.</summary>
    public bool Contains(ReadOnlySpan<byte> path)
    {
        for (int start = 0; start < path.Length;)
        {
            int slash = path[start..].IndexOf((byte)'/');
            int end = slash < 0 ? path.Length : start + slash;
            if (IsAnyMatch(_names, path[start..end]) || IsAnyMatch(_paths, path[..end]))
            {
                return true;
            }

            start = end + 1;
        }

        return false;
    }

    private bool IsAnyMatch(byte[][] patterns, ReadOnlySpan<byte> text)
    {
        foreach (byte[] pattern in patterns)
        {
            if (IsMatch(pattern, text))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Matches with backtracking. On a mismatch it goes back to the last <c>*</c>, which then takes one byte more, or, if that
    /// byte is a slash, to the last <c>**</c>. The time is at most the product of the lengths, or its square for a pattern
    /// with both.
    /// </summary>
    internal bool IsMatch(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        int p = 0, t = 0;
        int starPattern = -1, starText = 0, pathPattern = -1, pathText = 0;
        bool pathOfWholeNames = false;
        while (true)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                bool beginsName = p == 0 || pattern[p - 1] == '/';
                int stars = pattern[p..].IndexOfAnyExcept((byte)'*');
                stars = stars < 0 ? pattern.Length - p : stars;
                p += stars;
                if (stars == 1)
                {
                    (starPattern, starText) = (p, t);
                }
                else
                {
                    // "**/" is any number of folders, none included.
                    pathOfWholeNames = beginsName && p < pattern.Length && pattern[p] == '/';
                    p += pathOfWholeNames ? 1 : 0;
                    (pathPattern, pathText, starPattern) = (p, t, -1);
                }
            }
            else if (p == pattern.Length && t == text.Length)
            {
                return true;
            }
            else if (p < pattern.Length && t < text.Length && TryStep(pattern[p], text, ref t))
            {
                p++;
            }
            else if (starPattern >= 0 && starText < text.Length && text[starText] != '/')
            {
                (p, t) = (starPattern, ++starText);
            }
            else if (pathPattern >= 0 && (pathOfWholeNames ? text[pathText..].Contains((byte)'/') : pathText < text.Length))
            {
                pathText += pathOfWholeNames ? text[pathText..].IndexOf((byte)'/') + 1 : 1;
                (p, t, starPattern) = (pathPattern, pathText, -1);
            }
            else
            {
                return false;
            }
        }
    }

    private bool TryStep(byte wanted, ReadOnlySpan<byte> text, ref int t)
    {
        if (wanted == '?')
        {
            if (text[t] == '/')
            {
                return false;
            }

            // A character is a byte and what continues it in UTF-8.
            do
            {
                t++;
            }
            while (t < text.Length && (text[t] & 0xC0) == 0x80);
            return true;
        }

        bool same = text[t] == wanted || (_ignoreCase && (text[t] ^ wanted) == 0x20 && char.IsAsciiLetter((char)wanted));
        t += same ? 1 : 0;
        return same;
    }
}
