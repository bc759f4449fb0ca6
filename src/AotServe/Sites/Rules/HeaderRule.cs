namespace AotServe.Sites.Rules;

/// <summary>A block of <c>_headers</c>: changes of the fields of responses for the paths of a pattern.</summary>
internal sealed class HeaderRule(PathPattern pattern, FieldChange[] changes)
{
    /// <summary>The paths that it is for.</summary>
    public PathPattern Pattern => pattern;

    /// <summary>The changes in their order; a null value removes the field.</summary>
    public FieldChange[] Changes => changes;
}
