using System;
using System.Numerics;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// What a client says of content codings (Accept-Encoding, RFC 9110 §12.5.3): a weight for each, 0 to 1000.
/// </summary>
/// <remarks>
/// A field that is absent means that the client would take any coding, and one that is empty that it wants none. Both get
/// identity, since a client that understands codings says so. A list member that breaks the grammar is passed over; of a
/// coding listed twice the first counts.
/// </remarks>
internal readonly struct AcceptEncoding
{
    private const int Unlisted = -1;

    private readonly int _brotli;
    private readonly int _zstandard;
    private readonly int _gzip;
    private readonly int _identity;

    private AcceptEncoding(RequestHead head, int index)
    {
        _brotli = _zstandard = _gzip = _identity = Unlisted;
        int others = Unlisted;
        for (; index >= 0; index = head.IndexOfField(Name, index + 1))
        {
            ReadOnlySpan<byte> list = head.FieldValue(index);
            while (!list.IsEmpty)
            {
                int comma = list.IndexOf((byte)',');
                ReadOnlySpan<byte> member = comma < 0 ? list : list[..comma];
                list = comma < 0 ? default : list[(comma + 1)..];
                if (!TryReadMember(member, out ReadOnlySpan<byte> coding, out int weight))
                {
                    continue;
                }

                if (Is(coding, "br"u8))
                {
                    Note(ref _brotli, weight);
                }
                else if (Is(coding, "zstd"u8))
                {
                    Note(ref _zstandard, weight);
                }
                else if (Is(coding, "gzip"u8) || Is(coding, "x-gzip"u8))
                {
                    Note(ref _gzip, weight);
                }
                else if (Is(coding, "identity"u8))
                {
                    Note(ref _identity, weight);
                }
                else if (coding.SequenceEqual("*"u8))
                {
                    Note(ref others, weight);
                }
            }
        }

        Default(ref _brotli, others);
        Default(ref _zstandard, others);
        Default(ref _gzip, others);
        Default(ref _identity, others);
    }

    private static ReadOnlySpan<byte> Name => "accept-encoding"u8;

    /// <summary>The codings other than identity that the client takes.</summary>
    public ContentCodings Accepted =>
        (_brotli > 0 ? ContentCodings.Brotli : 0)
        | (_zstandard > 0 ? ContentCodings.Zstandard : 0)
        | (_gzip > 0 ? ContentCodings.Gzip : 0);

    /// <summary>Reads all Accept-Encoding lines of a request. Allocates nothing.</summary>
    public static AcceptEncoding Of(RequestHead head)
    {
        int index = head.IndexOfField(Name, 0);
        return index < 0 ? default : new AcceptEncoding(head, index);
    }

    /// <summary>
    /// The one to send of <paramref name="available"/> and identity: what the client gives the greatest weight, and of
    /// equals the one that <see cref="ContentCodings"/> prefers. Identity that is not listed comes after all that is.
    /// Where nothing is acceptable it is identity nevertheless, which RFC 9110 §12.5.3 leaves to the server and which a
    /// client can make more of than of a 406.
    /// </summary>
    public ContentCodings Choose(ContentCodings available)
    {
        // Identity that was refused weighs 0, as does identity that was not mentioned: either way anything else that
        // the client takes is better, and there is always identity to fall back on.
        ContentCodings best = ContentCodings.Identity;
        int greatest = _identity;
        for (int rest = (int)(available & Accepted); rest != 0; rest &= rest - 1)
        {
            var coding = (ContentCodings)(1 << BitOperations.TrailingZeroCount(rest));
            int weight = WeightOf(coding);
            if (weight >= greatest)
            {
                (best, greatest) = (coding, weight);
            }
        }

        return best;
    }

    private int WeightOf(ContentCodings coding) => coding switch
    {
        ContentCodings.Brotli => _brotli,
        ContentCodings.Zstandard => _zstandard,
        _ => _gzip,
    };

    private static bool Is(ReadOnlySpan<byte> coding, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(coding, name);

    private static void Note(ref int weight, int value)
    {
        if (weight == Unlisted)
        {
            weight = value;
        }
    }

    private static void Default(ref int weight, int others)
    {
        if (weight == Unlisted)
        {
            weight = Math.Max(others, 0);
        }
    }

    /// <summary>Reads <c>codings [ OWS ";" OWS "q=" qvalue ]</c>.</summary>
    private static bool TryReadMember(ReadOnlySpan<byte> member, out ReadOnlySpan<byte> coding, out int weight)
    {
        int semicolon = member.IndexOf((byte)';');
        coding = (semicolon < 0 ? member : member[..semicolon]).Trim(" \t"u8);
        weight = QualityValue.Full;
        if (semicolon < 0)
        {
            return !coding.IsEmpty;
        }

        ReadOnlySpan<byte> parameter = member[(semicolon + 1)..].Trim(" \t"u8);
        return parameter.Length > 2 && (parameter[0] | 0x20) == 'q' && parameter[1] == '='
            && QualityValue.TryRead(parameter[2..], out weight);
    }
}
