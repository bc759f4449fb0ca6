using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AotServe.Http;

/// <summary>The name of a field that the owner of a site may set, extend or remove. Immutable; any thread may use it.</summary>
internal sealed class OverridableField
{
    private static readonly Dictionary<string, int> Numbers = new(StringComparer.OrdinalIgnoreCase);

    private readonly byte[] _name;

    private OverridableField(byte[] name)
    {
        _name = name;
        Number = NumberOf(Encoding.ASCII.GetString(name));
        IsRepeated = Ascii.EqualsIgnoreCase(name, "set-cookie"u8);
        AddsToDefault = Ascii.EqualsIgnoreCase(name, "vary"u8);
        Scope = IsOneOf(name, "cache-control cdn-cache-control surrogate-control expires pragma"u8) ? FieldScope.Caching
            : IsOneOf(name, "content-type content-disposition content-language content-location"u8) ? FieldScope.Content
            : FieldScope.EveryResponse;
    }

    /// <summary>The name as its owner wrote it.</summary>
    public ReadOnlySpan<byte> Name => _name;

    /// <summary>A number that all fields of that name have, and no other: 0 for the first name, and so on.</summary>
    public int Number { get; }

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
    /// Gives the field named <paramref name="name"/>, unless an owner may not change it: only the server says how a message
    /// is framed and a connection is kept. The error is worded to follow the name.
    /// </summary>
    public static bool TryCreate(
        ReadOnlySpan<byte> name,
        bool isRemoval,
        [NotNullWhen(true)] out OverridableField? field,
        [NotNullWhen(false)] out string? error)
    {
        field = MayBeChanged(name, isRemoval, out error) ? new OverridableField(name.ToArray()) : null;
        return field is not null;
    }

    /// <summary>Whether this is the field named <paramref name="name"/>, whatever its case.</summary>
    public bool Is(ReadOnlySpan<byte> name) => name.Length == _name.Length && Ascii.EqualsIgnoreCase(_name, name);

    /// <summary>Names are those of options and rule files, and few: they are never forgotten.</summary>
    private static int NumberOf(string name)
    {
        lock (Numbers)
        {
            if (!Numbers.TryGetValue(name, out int number))
            {
                number = Numbers.Count;
                Numbers.Add(name, number);
            }

            return number;
        }
    }

    private static bool MayBeChanged(ReadOnlySpan<byte> name, bool isRemoval, [NotNullWhen(false)] out string? error)
    {
        if (name.IsEmpty || ByteClass.IndexOfNonToken(name) >= 0)
        {
            error = "is no field name; a name consists of letters, digits and !#$%&'*+-.^_`|~"u8.Text();
            return false;
        }

        if (IsOneOf(name, "connection keep-alive trailer transfer-encoding upgrade te content-length date http2-settings"u8)
            || (name.Length > 6 && Ascii.EqualsIgnoreCase(name[..6], "proxy-"u8)))
        {
            error = "belongs to the connection or frames the message, which is up to the server; leave it out"u8.Text();
            return false;
        }

        if (IsOneOf(name, "content-encoding content-range accept-ranges allow location www-authenticate"u8))
        {
            error = "says what the server did with the request, which only it knows; leave it out"u8.Text();
            return false;
        }

        if (Ascii.EqualsIgnoreCase(name, "basic-auth"u8))
        {
            error = "is one platform's way to ask for a password and would be sent to every client; leave it out"u8.Text();
            return false;
        }

        if (!isRemoval && IsOneOf(name, "etag last-modified"u8))
        {
            error = "is made from the file; it can be removed, but not set"u8.Text();
            return false;
        }

        error = isRemoval && Ascii.EqualsIgnoreCase(name, "vary"u8)
            ? "keeps caches from mixing up answers; it can be added to, but not removed"u8.Text()
            : null;
        return error is null;
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
