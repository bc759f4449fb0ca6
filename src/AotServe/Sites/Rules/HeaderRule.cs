using System;

namespace AotServe.Sites.Rules;

/// <summary>A block of <c>_headers</c>: changes of the fields of responses for the paths of a pattern.</summary>
internal sealed class HeaderRule(PathPattern pattern, FieldChange[] changes, int line)
{
    /// <summary>The paths that it is for.</summary>
    public PathPattern Pattern => pattern;

    /// <summary>The changes in their order; a null value removes the field.</summary>
    public FieldChange[] Changes => changes;

    /// <summary>The number of the line that it begins with.</summary>
    public int Line => line;

    /// <summary>Whether a value refers to what the path's wildcards stand for.</summary>
    public bool HasReferences { get; } = Array.Exists(changes, static change => change.Value is { IsLiteral: false });

    /// <summary>The most steps that a request takes for it once its pattern matches: the wildcards' values are looked for again.</summary>
    public int Steps => 1 + (HasReferences ? Pattern.Steps : 0);
}
