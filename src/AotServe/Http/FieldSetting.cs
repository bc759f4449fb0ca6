using System;
using System.Text;

namespace AotServe.Http;

/// <summary>A field line that the owner of a site adds to responses.</summary>
/// <param name="Field">The name.</param>
/// <param name="Value">Field content (RFC 9110 §5.5), not empty, no whitespace around it.</param>
internal sealed record FieldSetting(OverridableField Field, byte[] Value)
{
    /// <summary>
    /// Reads <c>Name: value</c>. Null where it is refused; the error then reads well after the quoted text, or begins
    /// with the name.
    /// </summary>
    public static FieldSetting? Parse(ReadOnlySpan<byte> text, out string? error)
    {
        int colon = text.IndexOf((byte)':');
        if (colon < 0)
        {
            error = "has no colon; write Name: value";
            return null;
        }

        ReadOnlySpan<byte> name = ByteClass.TrimWhitespace(text[..colon]);
        ReadOnlySpan<byte> value = ByteClass.TrimWhitespace(text[(colon + 1)..]);
        if (OverridableField.Create(name, isRemoval: false, out error) is not { } field)
        {
            error = ByteClass.IndexOfNonToken(name) >= 0 || name.IsEmpty
                ? "does not begin with a field name and a colon; write Name: value"
                : $"cannot be set: {Encoding.ASCII.GetString(name)} {error}";
            return null;
        }

        error = value.IsEmpty ? "has no value after the colon; write Name: value"
            : ByteClass.IndexOfNonFieldContent(value) >= 0 ? "has a control character in the value; write it without"
            : null;
        return error is null ? new FieldSetting(field, value.ToArray()) : null;
    }
}
