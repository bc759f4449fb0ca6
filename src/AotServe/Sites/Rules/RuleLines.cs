using System;
using System.Diagnostics.CodeAnalysis;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// The lines of a rule file, without whitespace around them. Empty lines and comments, which begin with <c>#</c>, are
/// skipped. LF and CRLF both end a line; a byte order mark at the start is skipped.
/// </summary>
internal ref struct RuleLines(ReadOnlySpan<byte> content)
{
    private ReadOnlySpan<byte> _rest = content.StartsWith("\uFEFF"u8) ? content[3..] : content;

    /// <summary>The number of the line, counted from 1 as editors do.</summary>
    public int Number { get; private set; }

    /// <summary>The line.</summary>
    public ReadOnlySpan<byte> Current { get; private set; }

    /// <summary>Goes to the next line; false at the end. A line that is not valid is never skipped.</summary>
    public bool Next()
    {
        while (!_rest.IsEmpty)
        {
            int end = _rest.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? default : _rest[(end + 1)..];
            Number++;
            Current = line.EndsWith("\r"u8) ? line[..^1] : line;
            if (!IsValid(out _))
            {
                return true;
            }

            Current = ByteClass.TrimWhitespace(Current);
            if (!Current.IsEmpty && Current[0] != '#')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the line is short enough and has no control characters.</summary>
    public readonly bool IsValid([NotNullWhen(false)] out string? error)
    {
        error = Current.Length > RuleFile.MaxLine ? $"is longer than {RuleFile.MaxLine} bytes; make it shorter"
            : ByteClass.IndexOfNonFieldContent(Current) >= 0 ? "has a control character in it; write text"u8.Text()
            : null;
        return error is null;
    }
}
