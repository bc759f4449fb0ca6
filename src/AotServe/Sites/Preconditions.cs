using System;
using AotServe.Http;

namespace AotServe.Sites;

/// <summary>The preconditions of a request (RFC 9110 §13), evaluated in the order of §13.2.2.</summary>
internal static class Preconditions
{
    /// <summary>
    /// Whether a GET or HEAD is to be answered with 304: the client has what it would get. Where If-None-Match is
    /// present, If-Modified-Since does not count, even if it is all that matches (§13.1.3).
    /// </summary>
    /// <param name="head">The request.</param>
    /// <param name="entityTag">The strong entity tag of the selected representation.</param>
    /// <param name="lastModified">Its Last-Modified date, seconds since 1970.</param>
    /// <param name="now">The time of the answer, seconds since 1970.</param>
    public static bool IsNotModified(RequestHead head, ReadOnlySpan<byte> entityTag, long lastModified, long now)
    {
        int index = head.IndexOfField("if-none-match"u8, 0);
        return index >= 0
            ? AnyMatches(head, index, entityTag)
            : !IsModifiedSince(head, lastModified, now);
    }

    /// <summary>
    /// §13.1.2, where the field may stand on several lines, beginning with line <paramref name="index"/>.
    /// </summary>
    private static bool AnyMatches(RequestHead head, int index, ReadOnlySpan<byte> entityTag)
    {
        for (; index >= 0; index = head.IndexOfField("if-none-match"u8, index + 1))
        {
            ReadOnlySpan<byte> value = head.FieldValue(index);
            if (value.SequenceEqual("*"u8) || EntityTag.IsInList(value, entityTag))
                return true;
        }

        return false;
    }

    /// <summary>§13.1.3: a field that is absent, repeated or not a date is ignored.</summary>
    private static bool IsModifiedSince(RequestHead head, long lastModified, long now)
    {
        int index = head.IndexOfField("if-modified-since"u8, 0);
        return index < 0
            || head.IndexOfField("if-modified-since"u8, index + 1) >= 0
            || !HttpDate.TryParse(head.FieldValue(index), now, out long since)
            || lastModified > since;
    }
}
