namespace AotServe.Sites.Rules;

/// <summary>A block of <c>_headers</c>: changes of the fields of responses for the paths of a pattern.</summary>
/// <param name="Pattern">The paths that it is for.</param>
/// <param name="Changes">The changes in their order; a null value removes the field.</param>
internal sealed record HeaderRule(PathPattern Pattern, FieldChange[] Changes);
