using System;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// The lines of a rule file that say something: without whitespace around them, without empty ones, and without those that
/// begin with <c>#</c>. LF and CRLF both end a line; a byte order mark before the first is skipped.
/// </summary>
internal ref struct RuleLines(ReadOnlySpan<byte> content)
{
    private ReadOnlySpan<byte> _rest = content.StartsWith("\uFEFF"u8) ? content[3..] : content;

    /// <summary>The number of the line, counted from 1 as editors do.</summary>
    public int Number { get; private set; }

    /// <summary>The line.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Goes to the next line; false at the end, or with the error that keeps it from being read.</summary>
    public bool Next(out string? error)
    {
        error = null;
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            Number++;
            if (line.EndsWith("\r"u8))
            {
                line = line[..^1];
            }

            if (line.Length > RuleFile.MaxLine)
            {
                error = $"is longer than {RuleFile.MaxLine} bytes; make it shorter";
            }
            else if (ByteClass.IndexOfNonFieldContent(line) >= 0)
            {
                error = "has a control character in it; write text";
            }

            if (error is not null)
            {
                return false;
            }

            Current = ByteClass.TrimWhitespace(line);
            if (!Current.IsEmpty && Current[0] != '#')
            {
                return true;
            }
        }

        return false;
    }
}
