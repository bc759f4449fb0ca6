using System;
using System.Text;

namespace AotServe.Http;

/// <summary>
/// The fields that the server itself acts on: Host, Content-Length, Transfer-Encoding, Connection, Expect. They are added line
/// by line while a field section is parsed, and evaluated together at its end.
/// </summary>
internal struct ProtocolFields
{
    private bool _hasHost;
    private bool _hasContentLength;
    private bool _hasClose;
    private bool _hasKeepAlive;
    private bool _expectsContinue;
    private bool _hasUnknownExpectation;
    private TransferCodings _transferCodings;

    /// <summary>Adds one field line. <see cref="Rejection.None"/> if it violates no rule by itself.</summary>
    public Rejection Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, FieldLine line, RequestHead head)
    {
        // Length and first letter rule out nearly every other field without a comparison.
        switch (name.Length, name[0] | 0x20)
        {
            case (4, 'h') when Ascii.EqualsIgnoreCase(name, "host"u8):
                return AddHost(value, line, head);
            case (6, 'e') when Ascii.EqualsIgnoreCase(name, "expect"u8):
                AddExpectations(value);
                break;
            case (10, 'c') when Ascii.EqualsIgnoreCase(name, "connection"u8):
                AddOptions(value);
                break;
            case (14, 'c') when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                return AddContentLength(value, head);
            case (17, 't') when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                return head.MinorVersion == 0 ? Rejection.TransferEncodingInHttp10 : _transferCodings.Add(value);
        }

        return Rejection.None;
    }

    /// <summary>
    /// Checks the whole section and stores what it means in <paramref name="head"/>. Malformed fields are checked before
    /// unsupported ones, so a request with ambiguous framing is never reported as merely unsupported.
    /// </summary>
    public readonly Rejection Conclude(RequestHead head)
    {
        if (!_hasHost && head.MinorVersion > 0)
        {
            return Rejection.MissingHost;
        }

        if (_transferCodings.IsPresent)
        {
            if (_hasContentLength)
            {
                return Rejection.LengthAndTransferEncoding;
            }

            Rejection rejection = _transferCodings.Conclude();
            if (rejection != Rejection.None)
            {
                return rejection;
            }

            head.Framing = BodyFraming.Chunked;
        }
        else if (head.ContentLength > 0)
        {
            head.Framing = BodyFraming.ContentLength;
        }

        // A server ignores the expectations of an HTTP/1.0 request (RFC 9110 §10.1.1).
        if (head.MinorVersion > 0)
        {
            if (_hasUnknownExpectation)
            {
                return Rejection.UnsupportedExpectation;
            }

            head.ExpectsContinue = _expectsContinue && head.Framing != BodyFraming.None;
        }

        head.KeepAlive = !_hasClose && (head.MinorVersion > 0 || _hasKeepAlive);
        return Rejection.None;
    }

    private Rejection AddHost(ReadOnlySpan<byte> value, FieldLine line, RequestHead head)
    {
        if (_hasHost)
        {
            return Rejection.RepeatedHost;
        }

        _hasHost = true;
        // An http URI has a host that is not empty (RFC 9110 §4.2.1).
        if (!Authority.IsValid(value))
        {
            return Rejection.BadHost;
        }

        // An authority in the target takes the place of the Host field's (RFC 9112 §3.2.2).
        if (head.Form is TargetForm.Origin or TargetForm.Asterisk)
        {
            head.AuthorityRange = (line.ValueStart, line.ValueLength);
        }

        return Rejection.None;
    }

    private Rejection AddContentLength(ReadOnlySpan<byte> value, RequestHead head)
    {
        if (_hasContentLength)
        {
            return Rejection.RepeatedContentLength;
        }

        _hasContentLength = true;
        // Some parsers take a zero in front for an octal number.
        if (value.IsEmpty || (value.Length > 1 && value[0] == '0'))
        {
            return Rejection.BadContentLength;
        }

        long length = 0;
        foreach (byte digit in value)
        {
            // A list of equal lengths is rejected too, as RFC 9112 §6.3 allows.
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return Rejection.BadContentLength;
            }

            int number = digit - '0';
            if (length > (long.MaxValue - number) / 10)
            {
                return Rejection.BadContentLength;
            }

            length = length * 10 + number;
        }

        head.ContentLength = length;
        return Rejection.None;
    }

    private void AddOptions(ReadOnlySpan<byte> value)
    {
        while (TryTakeElement(ref value, out ReadOnlySpan<byte> option))
        {
            if (Ascii.EqualsIgnoreCase(option, "close"u8))
            {
                _hasClose = true;
            }
            else if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8))
            {
                _hasKeepAlive = true;
            }
        }
    }

    private void AddExpectations(ReadOnlySpan<byte> value)
    {
        while (TryTakeElement(ref value, out ReadOnlySpan<byte> expectation))
        {
            if (Ascii.EqualsIgnoreCase(expectation, "100-continue"u8))
            {
                _expectsContinue = true;
            }
            else
            {
                _hasUnknownExpectation = true;
            }
        }
    }

    /// <summary>Removes and returns the next element of a list that is not empty (RFC 9110 §5.6.1).</summary>
    private static bool TryTakeElement(ref ReadOnlySpan<byte> list, out ReadOnlySpan<byte> element)
    {
        element = default;
        while (!list.IsEmpty && element.IsEmpty)
        {
            int comma = list.IndexOf((byte)',');
            element = ByteClass.TrimWhitespace(comma < 0 ? list : list[..comma]);
            list = comma < 0 ? default : list[(comma + 1)..];
        }

        return !element.IsEmpty;
    }
}
