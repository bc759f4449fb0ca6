using System;

namespace AotServe.Http;

/// <summary>The weights of content negotiation (RFC 9110 §12.4.2), as thousandths.</summary>
internal static class QualityValue
{
    /// <summary>The greatest weight, and that of what names none.</summary>
    public const int Full = 1000;

    /// <summary>Reads a qvalue: 0 to 1 with at most three decimals. False where it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int thousandths)
    {
        thousandths = 0;
        if (text.Length is 0 or > 5 || text[0] is not ((byte)'0' or (byte)'1') || (text.Length > 1 && text[1] != '.'))
        {
            return false;
        }

        thousandths = (text[0] - '0') * Full;
        int place = Full / 10;
        foreach (byte digit in text.Length > 2 ? text[2..] : default)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            thousandths += (digit - '0') * place;
            place /= 10;
        }

        return thousandths <= Full;
    }
}
