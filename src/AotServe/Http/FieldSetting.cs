using System;
using System.Text;

namespace AotServe.Http;

/// <summary>A field line that the owner of a site wants on answers.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Value">Its value: field content (RFC 9110 §5.5), not empty, no whitespace around it.</param>
internal sealed record FieldSetting(AmendableField Field, byte[] Value)
{
    /// <summary>
    /// Reads <c>Name: value</c>. Null where it is refused; the complaint then reads well after the quoted text, or begins
    /// with the name.
    /// </summary>
    public static FieldSetting? Parse(ReadOnlySpan<byte> text, out string? complaint)
    {
        int colon = text.IndexOf((byte)':');
        if (colon < 0)
        {
            complaint = "has no colon; write Name: value";
            return null;
        }

        ReadOnlySpan<byte> name = ByteClass.TrimWhitespace(text[..colon]);
        ReadOnlySpan<byte> value = ByteClass.TrimWhitespace(text[(colon + 1)..]);
        if (AmendableField.Create(name, isRemoval: false, out complaint) is not { } field)
        {
            complaint = ByteClass.IndexOfNonToken(name) >= 0 || name.IsEmpty
                ? "does not begin with a field name and a colon; write Name: value"
                : $"cannot be set: {Encoding.ASCII.GetString(name)} {complaint}";
            return null;
        }

        complaint = value.IsEmpty ? "has no value after the colon; write Name: value"
            : ByteClass.IndexOfNonFieldContent(value) >= 0 ? "has a control character in the value; write it without"
            : null;
        return complaint is null ? new FieldSetting(field, value.ToArray()) : null;
    }
}
