namespace AotServe.Sites.Rules;

/// <summary>A block of <c>_headers</c>: what is changed in the fields of answers to the paths of a pattern.</summary>
/// <param name="Pattern">The paths.</param>
/// <param name="Changes">The changes in their order; a null value removes the field.</param>
internal sealed record HeaderRule(PathPattern Pattern, FieldChange[] Changes);
