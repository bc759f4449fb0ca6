using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Files;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// Says which precompressed files are passed over, and why: each version of one once, so that a line is worth reading. Any
/// thread may call.
/// </summary>
/// <param name="folder">The path of the folder that the files are in, as the operator knows it.</param>
/// <param name="report">Called with each line.</param>
internal sealed class SiblingReport(string folder, Action<string> report)
{
    /// <summary>How many are remembered to have been said. Beyond that, nothing more is said.</summary>
    private const int MostSaid = 1_000;

    private readonly HashSet<ulong> _said = [];

    /// <summary>Why a precompressed file may not be sent in place of its original; null: it may.</summary>
    public static string? ReasonAgainst(FileOutcome outcome, in FileEntry sibling, in FileEntry original)
    {
        if (outcome != FileOutcome.Found)
        {
            return outcome == FileOutcome.NotFound ? null : "it cannot be read";
        }

        if (sibling.Kind != FileKind.Regular)
        {
            return "it is no regular file";
        }

        return PrecompressedFiles.IsCurrent(sibling, original)
            ? null
            : $"it is {original.ModifiedSeconds - sibling.ModifiedSeconds}" + " s older than the original; compress it again"u8.Text();
    }

    /// <summary>Says that a file is passed over.</summary>
    public void Add(ReadOnlySpan<byte> path, in FileEntry sibling, string reason)
    {
        lock (_said)
        {
            if (_said.Count == MostSaid || !_said.Add(PathHash.Combine(PathHash.Compute(path), (ulong)sibling.ModifiedTotalNanoseconds)))
            {
                return;
            }
        }

        report($"{Printable(folder, path)} is passed over: {reason}");
    }

    /// <summary>The path of a file in one line of text: names may hold any bytes.</summary>
    public static string Printable(string folder, ReadOnlySpan<byte> path)
    {
        StringBuilder text = new StringBuilder(folder).Append('/').Append(Encoding.UTF8.GetString(path));
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                text[i] = '\uFFFD';
            }
        }

        return text.ToString();
    }
}
