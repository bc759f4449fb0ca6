using System;
using System.Text;

namespace AotServe.Http;

/// <summary>
/// The transfer codings of one message, added line by line (RFC 9112 §6.1, RFC 9110 §10.1.4). Empty list elements are
/// rejected: senders must not generate them, and recipients differ in how they treat them.
/// </summary>
internal struct TransferCodings
{
    private bool _hasChunked;
    private bool _hasOtherCoding;

    /// <summary>Whether there is a Transfer-Encoding field.</summary>
    public bool IsPresent { get; private set; }

    /// <summary>Adds the value of one field line, without whitespace around it.</summary>
    public Rejection Add(ReadOnlySpan<byte> value)
    {
        IsPresent = true;
        while (true)
        {
            int length = TokenLength(value);

            // A coding after chunked, even a second chunked, leaves the end of the message undefined.
            if (length == 0 || _hasChunked)
            {
                return Rejection.BadTransferEncoding;
            }

            ReadOnlySpan<byte> coding = value[..length];
            value = value[length..];
            if (!TrySkipParameters(ref value, out bool hasParameters))
            {
                return Rejection.BadTransferEncoding;
            }

            if (!Ascii.EqualsIgnoreCase(coding, "chunked"u8))
            {
                _hasOtherCoding = true;
            }
            else if (hasParameters)
            {
                return Rejection.BadTransferEncoding;
            }
            else
            {
                _hasChunked = true;
            }

            if (value.IsEmpty)
            {
                return Rejection.None;
            }

            value = SkipWhitespace(value[1..]);
        }
    }

    /// <summary>Checks the whole list, after the field section has ended.</summary>
    public readonly Rejection Conclude() =>
        !_hasChunked ? Rejection.BadTransferEncoding : _hasOtherCoding ? Rejection.UnsupportedTransferCoding : Rejection.None;

    /// <summary>
    /// Skips <c>*( OWS ";" OWS token BWS "=" BWS ( token / quoted-string ) ) OWS</c>; the rest is empty or begins
    /// with a comma.
    /// </summary>
    private static bool TrySkipParameters(ref ReadOnlySpan<byte> value, out bool hasParameters)
    {
        hasParameters = false;
        while (true)
        {
            value = SkipWhitespace(value);
            if (value.IsEmpty || value[0] == ',')
            {
                return true;
            }

            if (value[0] != ';')
            {
                return false;
            }

            hasParameters = true;
            value = SkipWhitespace(value[1..]);
            int name = TokenLength(value);
            if (name == 0)
            {
                return false;
            }

            value = SkipWhitespace(value[name..]);
            if (value.IsEmpty || value[0] != '=')
            {
                return false;
            }

            value = SkipWhitespace(value[1..]);
            int length = !value.IsEmpty && value[0] == '"' ? QuotedStringLength(value) : TokenLength(value);
            if (length == 0)
            {
                return false;
            }

            value = value[length..];
        }
    }

    private static int TokenLength(ReadOnlySpan<byte> value)
    {
        int length = ByteClass.IndexOfNonToken(value);
        return length < 0 ? value.Length : length;
    }

    /// <summary>The length of the quoted-string at the front, including its quotes; 0 if it does not end.</summary>
    private static int QuotedStringLength(ReadOnlySpan<byte> value)
    {
        // Every byte of a field value is allowed in a quoted-string and in a quoted-pair: control bytes were rejected before.
        for (int i = 1; i < value.Length; i++)
        {
            if (value[i] == '"')
            {
                return i + 1;
            }

            if (value[i] == '\\')
            {
                i++;
            }
        }

        return 0;
    }

    private static ReadOnlySpan<byte> SkipWhitespace(ReadOnlySpan<byte> value)
    {
        while (!value.IsEmpty && ByteClass.IsWhitespace(value[0]))
        {
            value = value[1..];
        }

        return value;
    }
}
