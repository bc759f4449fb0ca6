using System;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AotServe.Http;

/// <summary>A field line that the owner of a site adds to responses.</summary>
internal sealed class FieldSetting
{
    private FieldSetting(OverridableField field, byte[] value)
    {
        Field = field;
        Value = value;
    }

    /// <summary>The name.</summary>
    public OverridableField Field { get; }

    /// <summary>Field content (RFC 9110 §5.5), not empty, no whitespace around it.</summary>
    public byte[] Value { get; }

    /// <summary>Reads <c>Name: value</c>. The error is worded to follow the quoted text.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> text,
        [NotNullWhen(true)] out FieldSetting? setting,
        [NotNullWhen(false)] out string? error)
    {
        setting = null;
        int colon = text.IndexOf((byte)':');
        if (colon < 0)
        {
            error = "has no colon; write Name: value";
            return false;
        }

        ReadOnlySpan<byte> name = ByteClass.TrimWhitespace(text[..colon]);
        ReadOnlySpan<byte> value = ByteClass.TrimWhitespace(text[(colon + 1)..]);
        if (!OverridableField.TryCreate(name, isRemoval: false, out OverridableField? field, out error))
        {
            error = ByteClass.IndexOfNonToken(name) >= 0 || name.IsEmpty
                ? "does not begin with a field name and a colon; write Name: value"u8.Text()
                : $"cannot be set: {Encoding.ASCII.GetString(name)} {error}";
            return false;
        }

        error = value.IsEmpty ? "has no value after the colon; write Name: value"u8.Text()
            : ByteClass.IndexOfNonFieldContent(value) >= 0 ? "has a control character in the value; write it without"u8.Text()
            : null;
        setting = error is null ? new FieldSetting(field, value.ToArray()) : null;
        return setting is not null;
    }
}
