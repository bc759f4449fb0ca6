using System;
using System.Text;

namespace AotServe.Http;

/// <summary>The name of a field that the owner of a site may set, extend or remove. Immutable; any thread may use it.</summary>
internal sealed class OverridableField
{
    private readonly byte[] _name;

    private OverridableField(byte[] name)
    {
        _name = name;
        IsRepeated = Ascii.EqualsIgnoreCase(name, "set-cookie"u8);
        AddsToDefault = Ascii.EqualsIgnoreCase(name, "vary"u8);
        Scope = IsOneOf(name, "cache-control cdn-cache-control surrogate-control expires pragma"u8) ? FieldScope.Caching
            : IsOneOf(name, "content-type content-disposition content-language content-location"u8) ? FieldScope.Content
            : FieldScope.EveryResponse;
    }

    /// <summary>The name as its owner wrote it.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>The responses that the field applies to.</summary>
    public FieldScope Scope { get; }

    /// <summary>Whether each value needs its own line: <c>Set-Cookie</c> is not a list (RFC 9110 §5.3).</summary>
    public bool IsRepeated { get; }

    /// <summary>
    /// Whether the server writes its own line too: <c>Vary</c>. Without the server's, a cache would send one client what was
    /// selected for another.
    /// </summary>
    public bool AddsToDefault { get; }

    /// <summary>
    /// The field named <paramref name="name"/>, or null and why it is refused, such that it reads well after the name. A
    /// message is framed, and a connection kept, by the server alone: no owner's rule touches the fields that say how.
    /// </summary>
    public static OverridableField? Create(ReadOnlySpan<byte> name, bool isRemoval, out string? error)
    {
        error = WhyNot(name, isRemoval);
        return error is null ? new OverridableField(name.ToArray()) : null;
    }

    /// <summary>Whether this is the field named <paramref name="name"/>, whatever its case.</summary>
    public bool Is(ReadOnlySpan<byte> name) => name.Length == _name.Length && Ascii.EqualsIgnoreCase(_name, name);

    private static string? WhyNot(ReadOnlySpan<byte> name, bool isRemoval)
    {
        if (name.IsEmpty || ByteClass.IndexOfNonToken(name) >= 0)
        {
            return "is no field name; a name consists of letters, digits and !#$%&'*+-.^_`|~";
        }

        if (IsOneOf(name, "connection keep-alive trailer transfer-encoding upgrade te content-length date http2-settings"u8)
            || (name.Length > 6 && Ascii.EqualsIgnoreCase(name[..6], "proxy-"u8)))
        {
            return "belongs to the connection or frames the message, which is up to the server; leave it out";
        }

        if (IsOneOf(name, "content-encoding content-range accept-ranges allow location www-authenticate"u8))
        {
            return "says what the server did with the request, which only it knows; leave it out";
        }

        if (Ascii.EqualsIgnoreCase(name, "basic-auth"u8))
        {
            return "is one platform's way to ask for a password and would be sent to every client; leave it out";
        }

        if (!isRemoval && IsOneOf(name, "etag last-modified"u8))
        {
            return "is made from the file; it can be removed, but not set";
        }

        return isRemoval && Ascii.EqualsIgnoreCase(name, "vary"u8)
            ? "keeps caches from mixing up answers; it can be added to, but not removed"
            : null;
    }

    private static bool IsOneOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> names)
    {
        foreach (Range range in names.Split((byte)' '))
        {
            if (Ascii.EqualsIgnoreCase(name, names[range]))
            {
                return true;
            }
        }

        return false;
    }
}
