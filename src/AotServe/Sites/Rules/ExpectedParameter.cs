namespace AotServe.Sites.Rules;

/// <summary>A parameter that a query must have. A null value matches any value, which is captured.</summary>
/// <remarks>Not a tuple, for the reason in <see cref="FieldChange"/>.</remarks>
internal readonly struct ExpectedParameter(byte[] name, byte[]? value)
{
    public byte[] Name { get; } = name;

    public byte[]? Value { get; } = value;
}
