using System;
using AotServe.Http;

namespace AotServe.Sites.Representations;

/// <summary>The preconditions of a GET or HEAD (RFC 9110 §13), evaluated on the selected representation.</summary>
internal static class Preconditions
{
    /// <summary>
    /// Evaluates them in the order of §13.2.2: a date is ignored if the corresponding field with entity tags is present. A date
    /// field that is repeated or malformed is ignored, and so is one where the representation has no date (§13.1.3, §13.1.4).
    /// </summary>
    /// <param name="head">The request.</param>
    /// <param name="representation">The selected representation.</param>
    /// <param name="now">The time of the response, seconds since 1970.</param>
    public static PreconditionOutcome Evaluate(RequestHead head, in Representation representation, long now)
    {
        long date;
        int index = head.IndexOfField("if-match"u8, 0);
        bool isHeld = index >= 0
            ? AnyMatches(head, "if-match"u8, index, representation.EntityTag, isWeak: false)
            : !TryGetDate(head, "if-unmodified-since"u8, now, out date) || !(representation.LastModified > date);
        if (!isHeld)
        {
            return PreconditionOutcome.Failed;
        }

        index = head.IndexOfField("if-none-match"u8, 0);
        bool isKnown = index >= 0
            ? AnyMatches(head, "if-none-match"u8, index, representation.EntityTag, isWeak: true)
            : TryGetDate(head, "if-modified-since"u8, now, out date) && representation.LastModified <= date;
        if (isKnown)
        {
            return PreconditionOutcome.NotModified;
        }

        return index >= 0 && !representation.VersionTag.IsEmpty
            && AnyMatches(head, "if-none-match"u8, index, representation.VersionTag, isWeak: true)
            ? PreconditionOutcome.SameVersion
            : PreconditionOutcome.Hold;
    }

    /// <summary>
    /// Whether If-Range allows to apply the Range field (§13.1.5): it is absent, or exactly the entity tag, a strong one, or exactly
    /// the Last-Modified date. The date must also be a strong validator (§8.8.2.2): within the same second, the representation could
    /// change again and keep its date.
    /// </summary>
    public static bool AllowsRange(RequestHead head, in Representation representation, long now)
    {
        int index = head.IndexOfField("if-range"u8, 0);
        if (index < 0)
        {
            return true;
        }

        if (representation.EntityTag.StartsWith("\""u8) && head.FieldValue(index).SequenceEqual(representation.EntityTag))
        {
            return head.IndexOfField("if-range"u8, index + 1) < 0;
        }

        return TryGetDate(head, "if-range"u8, now, out long date)
            && date == representation.LastModified && date < now && !representation.VariesByCoding;
    }

    /// <summary>
    /// Whether <c>*</c> or the entity tag is in a list (§13.1.1, §13.1.2) that may stand on several lines, beginning with
    /// line <paramref name="index"/>.
    /// </summary>
    private static bool AnyMatches(
        RequestHead head, ReadOnlySpan<byte> name, int index, ReadOnlySpan<byte> entityTag, bool isWeak)
    {
        for (; index >= 0; index = head.IndexOfField(name, index + 1))
        {
            ReadOnlySpan<byte> value = head.FieldValue(index);
            if (value.SequenceEqual("*"u8) || EntityTag.IsInList(value, entityTag, isWeak))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False where the field is absent, repeated or not a date.</summary>
    private static bool TryGetDate(RequestHead head, ReadOnlySpan<byte> name, long now, out long unixSeconds)
    {
        unixSeconds = 0;
        int index = head.IndexOfField(name, 0);
        return index >= 0 && head.IndexOfField(name, index + 1) < 0
            && HttpDate.TryParse(head.FieldValue(index), now, out unixSeconds);
    }
}
