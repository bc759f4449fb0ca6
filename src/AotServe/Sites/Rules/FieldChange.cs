using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>What a rule does to one field of an answer: sets it, or removes it where the value is null.</summary>
/// <remarks>
/// No pair (A, B): for a list of generic pairs of references a native binary takes along the means to make types at run
/// time, some 190 KB.
/// </remarks>
internal readonly struct FieldChange(OverridableField field, Template? value)
{
    public OverridableField Field { get; } = field;

    public Template? Value { get; } = value;
}
