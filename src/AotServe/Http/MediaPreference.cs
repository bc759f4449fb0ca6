using System;
using System.Text;

namespace AotServe.Http;

/// <summary>The preference that a request's Accept field gives to one media type (RFC 9110 §12.5.1).</summary>
/// <param name="Quality">The weight in thousandths; 0: not acceptable.</param>
/// <param name="Specificity">
/// How specific the matching media range is: 3 for type and subtype, 2 for <c>type/*</c>, 1 for <c>*/*</c> or if there is no
/// Accept field, 0 if no range matches.
/// </param>
internal readonly record struct MediaPreference(int Quality, int Specificity)
{
    /// <summary>
    /// The most members of the lists that are looked at. Own choice: browsers send fewer than ten, and a head has room for thousands.
    /// </summary>
    private const int MaxMembers = 100;

    private static ReadOnlySpan<byte> FieldName => "accept"u8;

    /// <summary>Whether the type is acceptable and named, by itself or as <c>type/*</c>.</summary>
    public bool IsAskedFor => Quality > 0 && Specificity >= 2;

    /// <summary>
    /// Reads all Accept lines of a request for <paramref name="type"/>/<paramref name="subtype"/> (lower case). The most
    /// specific range that matches decides; of equally specific ones, the first. Parameters other than the weight are ignored,
    /// and so are a range with a malformed weight and all behind the hundredth.
    /// </summary>
    public static MediaPreference Of(RequestHead head, ReadOnlySpan<byte> type, ReadOnlySpan<byte> subtype)
    {
        int index = head.IndexOfField(FieldName, 0);
        if (index < 0)
        {
            return new MediaPreference(QualityValue.Full, 1);
        }

        var found = default(MediaPreference);
        int members = 0;
        for (; index >= 0; index = head.IndexOfField(FieldName, index + 1))
        {
            ReadOnlySpan<byte> list = head.FieldValue(index);
            while (!list.IsEmpty && members++ < MaxMembers)
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

    /// <summary>Whether the client prefers this type to <paramref name="other"/>: by weight, then by specificity.</summary>
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

    /// <summary>Removes and returns what precedes the next <paramref name="separator"/> outside of a quoted string.</summary>
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
