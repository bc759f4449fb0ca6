using System.Collections.Generic;
using System.Text;

namespace AotServe.Sites.Rules;

/// <summary>What is wrong with the lines of a rule file, all of them: nobody wants to mend one to be told of the next.</summary>
/// <param name="ignored">Takes what is supported elsewhere and not here; null: that is wrong too.</param>
internal sealed class RuleProblems(List<string>? ignored)
{
    /// <summary>How many lines are reported.</summary>
    private const int MostReported = 20;

    private readonly StringBuilder _text = new();
    private int _count;

    /// <summary>A line each: its number, what is wrong, and what would be right. Null: nothing is wrong.</summary>
    public string? Text => _count == 0 ? null
        : _count <= MostReported ? _text.ToString()
        : $"{_text}\n… and {_count - MostReported} more lines";

    /// <summary>Adds a line.</summary>
    /// <param name="line">Its number.</param>
    /// <param name="error">What is wrong, and what would be right.</param>
    /// <param name="isUnsupported">Whether it is right elsewhere.</param>
    public void Add(int line, string error, bool isUnsupported)
    {
        string text = $"{line}: {error}";
        if (isUnsupported && ignored is not null)
        {
            ignored.Add(text);
            return;
        }

        if (_count++ < MostReported)
        {
            _text.Append(_text.Length == 0 ? "" : "\n").Append(text);
        }
    }
}
