using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>A change of one field of a response: it is set, or removed if the value is null.</summary>
/// <remarks>
/// Not a tuple (A, B): a list of generic pairs of references adds the run-time type loader to a native executable, some 190 KB.
/// </remarks>
internal readonly struct FieldChange(OverridableField field, Template? value)
{
    public OverridableField Field { get; } = field;

    public Template? Value { get; } = value;
}
