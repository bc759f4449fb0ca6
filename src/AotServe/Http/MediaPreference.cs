using System;
using System.Text;

namespace AotServe.Http;

/// <summary>What a request's Accept field says of one media type (RFC 9110 §12.5.1).</summary>
/// <param name="Quality">The weight in thousandths; 0: not acceptable.</param>
/// <param name="Specificity">
/// How exactly the range that decides names the type: 3 by type and subtype, 2 by <c>type/*</c>, 1 by <c>*/*</c> or by
/// there being no Accept at all, 0 not.
/// </param>
internal readonly record struct MediaPreference(int Quality, int Specificity)
{
    private static ReadOnlySpan<byte> FieldName => "accept"u8;

    /// <summary>Whether the type is named, by itself or as type/*, and acceptable.</summary>
    public bool IsAskedFor => Quality > 0 && Specificity >= 2;

    /// <summary>
    /// Reads all Accept lines of a request for <paramref name="type"/>/<paramref name="subtype"/> (lower case): of the
    /// ranges that match, the most specific one decides, of two alike the first. Parameters other than the weight make no
    /// difference; a range whose weight is malformed is passed over.
    /// </summary>
    public static MediaPreference Of(RequestHead head, ReadOnlySpan<byte> type, ReadOnlySpan<byte> subtype)
    {
        int index = head.IndexOfField(FieldName, 0);
        if (index < 0)
        {
            return new MediaPreference(QualityValue.Full, 1);
        }

        var found = default(MediaPreference);
        for (; index >= 0; index = head.IndexOfField(FieldName, index + 1))
        {
            ReadOnlySpan<byte> list = head.FieldValue(index);
            while (!list.IsEmpty)
            {
                ReadOnlySpan<byte> member = NextPiece(ref list, (byte)',');
                ReadOnlySpan<byte> range = NextPiece(ref member, (byte)';');
                int specificity = Match(range, type, subtype);
                if (specificity > found.Specificity && TryReadWeight(member, out int quality))
                {
                    found = new MediaPreference(quality, specificity);
                }
            }
        }

        return found;
    }

    /// <summary>Whether this type is to be preferred to <paramref name="other"/>: by weight, then by how exactly it was asked for.</summary>
    public bool IsBetterThan(MediaPreference other) =>
        Quality != other.Quality ? Quality > other.Quality : Quality > 0 && Specificity > other.Specificity;

    private static int Match(ReadOnlySpan<byte> range, ReadOnlySpan<byte> type, ReadOnlySpan<byte> subtype)
    {
        if (range.SequenceEqual("*/*"u8))
        {
            return 1;
        }

        int slash = range.IndexOf((byte)'/');
        if (slash < 0 || !Ascii.EqualsIgnoreCase(range[..slash], type))
        {
            return 0;
        }

        ReadOnlySpan<byte> rest = range[(slash + 1)..];
        return Ascii.EqualsIgnoreCase(rest, subtype) ? 3 : rest.SequenceEqual("*"u8) ? 2 : 0;
    }

    private static bool TryReadWeight(ReadOnlySpan<byte> parameters, out int quality)
    {
        quality = QualityValue.Full;
        while (!parameters.IsEmpty)
        {
            ReadOnlySpan<byte> parameter = NextPiece(ref parameters, (byte)';');
            if (parameter.Length >= 2 && (parameter[0] | 0x20) == 'q' && parameter[1] == '=')
            {
                return QualityValue.TryRead(parameter[2..], out quality);
            }
        }

        return true;
    }

    /// <summary>Cuts off what stands before the next <paramref name="separator"/> outside of a quoted string.</summary>
    private static ReadOnlySpan<byte> NextPiece(ref ReadOnlySpan<byte> text, byte separator)
    {
        bool isQuoted = false;
        int end = 0;
        for (; end < text.Length && (isQuoted || text[end] != separator); end++)
        {
            if (text[end] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (isQuoted && text[end] == '\\')
            {
                end++;
            }
        }

        end = Math.Min(end, text.Length);
        ReadOnlySpan<byte> piece = ByteClass.TrimWhitespace(text[..end]);
        text = end < text.Length ? text[(end + 1)..] : default;
        return piece;
    }
}
