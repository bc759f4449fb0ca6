namespace AotServe.Sites.Rules;

/// <summary>A parameter that a query must have: with that value, or with any where it is null, to be captured.</summary>
/// <remarks>No pair, for the reason that <see cref="FieldChange"/> gives.</remarks>
internal readonly struct ExpectedParameter(byte[] name, byte[]? value)
{
    public byte[] Name { get; } = name;

    public byte[]? Value { get; } = value;
}
