using System;
using System.Numerics;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// The content codings that a client accepts (Accept-Encoding, RFC 9110 §12.5.3): a weight for each, 0 to 1000.
/// </summary>
/// <remarks>
/// If the field is missing, any coding is acceptable; if it is empty, none is. Both get identity here, since clients that support
/// codings list them. A malformed member is ignored, and so are all behind the hundredth; of a coding that is listed twice, the
/// first weight applies.
/// </remarks>
internal readonly struct AcceptEncoding
{
    private const int Unlisted = -1;

    /// <summary>
    /// The most members of the lists that are looked at. Own choice: browsers send five, and a head has room for thousands, which would
    /// cost more than the response.
    /// </summary>
    private const int MaxMembers = 100;

    private readonly int _brotli;
    private readonly int _zstandard;
    private readonly int _gzip;
    private readonly int _identity;

    private readonly bool _isGiven;

    private AcceptEncoding(RequestHead head, int index)
    {
        _isGiven = true;
        _brotli = _zstandard = _gzip = _identity = Unlisted;
        int others = Unlisted;
        int members = 0;
        for (; index >= 0; index = head.IndexOfField(Name, index + 1))
        {
            ReadOnlySpan<byte> list = head.FieldValue(index);
            while (!list.IsEmpty && members++ < MaxMembers)
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
                    SetOnce(ref _brotli, weight);
                }
                else if (Is(coding, "zstd"u8))
                {
                    SetOnce(ref _zstandard, weight);
                }
                else if (Is(coding, "gzip"u8) || Is(coding, "x-gzip"u8))
                {
                    SetOnce(ref _gzip, weight);
                }
                else if (Is(coding, "identity"u8))
                {
                    SetOnce(ref _identity, weight);
                }
                else if (coding.SequenceEqual("*"u8))
                {
                    SetOnce(ref others, weight);
                }
            }
        }

        SetDefault(ref _brotli, others);
        SetDefault(ref _zstandard, others);
        SetDefault(ref _gzip, others);
        SetDefault(ref _identity, others);
    }

    private static ReadOnlySpan<byte> Name => "accept-encoding"u8;

    /// <summary>The codings other than identity that the client accepts.</summary>
    public ContentCodings Accepted =>
        (_brotli > 0 ? ContentCodings.Brotli : 0)
        | (_zstandard > 0 ? ContentCodings.Zstandard : 0)
        | (_gzip > 0 ? ContentCodings.Gzip : 0);

    /// <summary>Reads all Accept-Encoding lines of a request. Allocates nothing.</summary>
    public static AcceptEncoding Read(RequestHead head)
    {
        int index = head.IndexOfField(Name, 0);
        return index < 0 ? default : new AcceptEncoding(head, index);
    }

    /// <summary>
    /// Chooses from <paramref name="available"/> and identity: the coding with the greatest weight, and of equal ones the one that
    /// <see cref="ContentCodings"/> prefers. Identity that is not listed comes after all that are. If nothing is acceptable, the
    /// result is identity, which RFC 9110 §12.5.3 allows and which is more useful to a client than 406.
    /// </summary>
    public ContentCodings Choose(ContentCodings available)
    {
        // Identity has the weight 0 if it was refused and if it was not listed. In both cases any other acceptable coding is
        // better, and identity remains the fallback.
        return Best(available & Accepted, _identity);
    }

    /// <summary>The coding of the greatest weight, if that is at least <paramref name="greatest"/>; else identity.</summary>
    private ContentCodings Best(ContentCodings accepted, int greatest = 0)
    {
        ContentCodings best = ContentCodings.Identity;
        for (int rest = (int)accepted; rest != 0; rest &= rest - 1)
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

    /// <summary>
    /// Chooses from <paramref name="available"/> where there is nothing without a coding. Identity: none is acceptable. To a client
    /// that does not say, all are; it gets gzip if it can be had, which most tools know.
    /// </summary>
    public ContentCodings ChooseCoded(ContentCodings available)
    {
        if (_isGiven)
        {
            return Best(available & Accepted);
        }

        return (available & ContentCodings.Gzip) != 0 ? ContentCodings.Gzip
            : (available & ContentCodings.Brotli) != 0 ? ContentCodings.Brotli
            : available;
    }

    private int WeightOf(ContentCodings coding) => coding switch
    {
        ContentCodings.Brotli => _brotli,
        ContentCodings.Zstandard => _zstandard,
        _ => _gzip,
    };

    private static bool Is(ReadOnlySpan<byte> coding, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(coding, name);

    private static void SetOnce(ref int weight, int value)
    {
        if (weight == Unlisted)
        {
            weight = value;
        }
    }

    private static void SetDefault(ref int weight, int others)
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
