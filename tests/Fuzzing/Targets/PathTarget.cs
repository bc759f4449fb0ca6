using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using AotServe.Files;
using AotServe.Sites.Paths;

namespace AotServe.Fuzzing;

/// <summary>The path of a request target, against RFC 3986 §5.2.4 on strings.</summary>
internal static partial class PathTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        string text = Encoding.Latin1.GetString(input);
        byte[] buffer = new byte[input.Length];
        foreach (bool windowsNames in (bool[])[false, true])
        {
            RequestPathStatus status = RequestPath.Resolve(input, buffer, out int length, out bool namesFolder, windowsNames);
            (RequestPathStatus Status, string Path, bool NamesFolder) expected = Expected(text);
            string path = Encoding.Latin1.GetString(buffer, 0, length);
            if (status is RequestPathStatus.Valid or RequestPathStatus.NoFile)
            {
                FuzzFinding.Unless((path, namesFolder) == (expected.Path, expected.NamesFolder), $"{(status, path, namesFolder)}, not {expected}");
            }

            if (status != RequestPathStatus.Valid)
            {
                // What may not be served as well is for the rule about names; there, only that nothing else is refused.
                FuzzFinding.Unless(
                    status == expected.Status
                        || (status == RequestPathStatus.NoFile && expected.Status == RequestPathStatus.Valid && (windowsNames || HasDotFile(path))),
                    $"{status}, not {expected}");
                continue;
            }

            FuzzFinding.Unless(status == expected.Status, $"{status}, not {expected}");
            FuzzFinding.Unless(!HasDotFile(path), $"a dot file: {path}");
            FuzzFinding.Unless(!windowsNames || !WindowsPattern().IsMatch(path), $"not a plain name on Windows: {path}");
        }
    }

    private static bool HasDotFile(string path) =>
        path.Split('/').Select((name, i) => DotFilePattern().IsMatch(Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(name)))
            && !(i == 0 && name == ".well-known")).Any(isDotFile => isDotFile);

    private static (RequestPathStatus Status, string Path, bool NamesFolder) Expected(string text)
    {
        if (!text.StartsWith('/'))
        {
            return (RequestPathStatus.NoFile, "", true);
        }

        var names = new List<string>();
        bool namesFolder = true;
        foreach (string segment in text[1..].Split('/'))
        {
            RequestPathStatus status = Decode(segment, out string name);
            if (status != RequestPathStatus.Valid)
            {
                return (status, "", false);
            }

            namesFolder = name is "" or "." or "..";
            if (!namesFolder)
            {
                names.Add(name);
            }
            else if (name == "..")
            {
                if (names.Count == 0)
                {
                    return (RequestPathStatus.AboveRoot, "", false);
                }

                names.RemoveAt(names.Count - 1);
            }
        }

        string path = string.Join('/', names);
        bool mayBeFile = path.Length <= RootFolder.LongestPath && !text.Contains("%2f", StringComparison.OrdinalIgnoreCase);
        return (mayBeFile ? RequestPathStatus.Valid : RequestPathStatus.NoFile, path, namesFolder);
    }

    /// <summary>Decodes a segment; an encoded slash becomes a NUL.</summary>
    private static RequestPathStatus Decode(string segment, out string name)
    {
        var decoded = new StringBuilder();
        for (int i = 0; i < segment.Length; i++)
        {
            char c = segment[i];
            if (c == '%')
            {
                name = "";
                if (i + 2 >= segment.Length || !char.IsAsciiHexDigit(segment[i + 1]) || !char.IsAsciiHexDigit(segment[i + 2]))
                {
                    return RequestPathStatus.InvalidEncoding;
                }

                c = (char)int.Parse(segment.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
                i += 2;
            }

            if (c == '\0')
            {
                name = "";
                return RequestPathStatus.NulByte;
            }

            decoded.Append(c == '/' ? '\0' : c);
        }

        name = decoded.ToString();
        return RequestPathStatus.Valid;
    }

    /// <summary>A dot at the start, or behind characters that Unicode says may be ignored.</summary>
    [GeneratedRegex(
        @"\A([\u00AD\u034F\u061C\u3164\uFEFF\uFFA0\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFFF0-\uFFF8]|\uD82F[\uDCA0-\uDCA3]|\uD834[\uDD73-\uDD7A]|[\uDB40-\uDB43][\uDC00-\uDFFF])*\.",
        RegexOptions.CultureInvariant)]
    private static partial Regex DotFilePattern();

    /// <summary>A name that Windows takes for something else, as its documentation of file names has them.</summary>
    [GeneratedRegex(
        @"[\x00-\x1F\\:*?""<>|]|[. ](/|\z)|~[0-9]|(\A|/)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)([0-9]|(?-i:\xC2)[\xB9\xB2\xB3]))[ ]*(\.|/|\z)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WindowsPattern();
}
