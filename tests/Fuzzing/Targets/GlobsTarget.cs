using System;
using System.Linq;
using System.Text;
using AotServe.Files;

namespace AotServe.Fuzzing;

/// <summary>Patterns of <c>--hide</c>, a line each, a NUL byte, and a path: against a regular expression for each pattern.</summary>
internal static class GlobsTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        int end = input.IndexOf((byte)0);
        if (end < 0 || !TryDecode(input[..end], out string patterns) || !TryDecode(input[(end + 1)..], out string path) || path.Split('/').Contains(""))
        {
            return;
        }

        string[] read = [.. patterns.Split('\n').Where(pattern => pattern.Trim('/').Length > 0)];
        if (!HiddenNames.TryRead(read, ignoreCase: false, "--hide", out HiddenNames? hidden, out string? error))
        {
            FuzzFinding.Unless(Encoding.UTF8.GetByteCount(patterns) + read.Length > HiddenNames.MaxLength, error);
            return;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(path);
        bool isHidden = hidden.Contains(bytes, out long steps);
        FuzzFinding.Unless(
            steps <= (long)bytes.Length * (((Encoding.UTF8.GetByteCount(patterns) + read.Length) / 64) + 1), $"{steps} steps");
        FuzzFinding.Unless(isHidden == read.Any(pattern => ReferenceGlob.IsHidden(pattern, path)), isHidden ? "is hidden" : "is not hidden");
    }

    /// <summary>Names and patterns that are no UTF-8 are for the tests of single bytes: a regular expression has no word for them.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> bytes, out string text)
    {
        text = Encoding.UTF8.GetString(bytes);
        return Encoding.UTF8.GetByteCount(text) == bytes.Length && !text.Contains('\uFFFD');
    }
}
