using System;

namespace AotServe.Http;

/// <summary>
/// Decodes one chunked body (RFC 9112 §7.1) as its bytes arrive. Chunk extensions and the trailer section are validated,
/// limited and discarded. A value type, stored in the connection that reads the body.
/// </summary>
internal struct ChunkedDecoder
{
    /// <summary>With more digits, the size might not fit a positive long. No accepted body needs as many.</summary>
    private const int MaxSizeDigits = 15;

    private State _state;
    private long _remaining;
    private int _sizeDigits;
    private int _extensionBytes;
    private int _allExtensionBytes;
    private int _trailerBytes;
    private int _trailerLines;

    /// <summary>What the next byte may be. Where whitespace is allowed, the state is named for what follows it.</summary>
    private enum State
    {
        Size,
        BeforeExtension,
        BeforeExtensionName,
        ExtensionName,
        AfterExtensionName,
        BeforeExtensionValue,
        ExtensionToken,
        ExtensionQuotedString,
        ExtensionQuotedPair,
        AfterExtensionValue,
        ChunkLineFeed,
        Data,
        DataReturn,
        DataLineFeed,
        TrailerLine,
        TrailerName,
        TrailerValue,
        TrailerLineFeed,
        LastLineFeed,
        Complete,
        Rejected,
    }

    /// <summary>The bytes of the current chunk that have not been decoded yet, by the size in its first line.</summary>
    public readonly long Remaining => _remaining;

    /// <summary>Why the body was rejected; set only after <see cref="ParseStatus.Rejected"/>.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>
    /// Decodes one step: consumes bytes from the front of <paramref name="input"/> until it has found body data, the input
    /// is used up, the body ends, or a rule is broken.
    /// </summary>
    /// <param name="input">The bytes that were received and not consumed yet.</param>
    /// <param name="consumed">The number of bytes consumed by this step, including the data.</param>
    /// <param name="data">The part of <paramref name="input"/> that belongs to the body; may be empty.</param>
    /// <returns>
    /// <see cref="ParseStatus.Incomplete"/>: call again with the rest of the input, or with more input if there is no rest.
    /// <see cref="ParseStatus.Complete"/>: the last chunk and the trailer section have been read; the rest belongs to the
    /// next request. <see cref="ParseStatus.Rejected"/>: see <see cref="Rejection"/>.
    /// </returns>
    public ParseStatus Decode(ReadOnlySpan<byte> input, out int consumed, out ReadOnlySpan<byte> data)
    {
        consumed = 0;
        data = default;
        while (_state < State.Complete)
        {
            if (consumed == input.Length)
            {
                return ParseStatus.Incomplete;
            }

            if (_state == State.Data)
            {
                int length = (int)Math.Min(_remaining, input.Length - consumed);
                data = input.Slice(consumed, length);
                consumed += length;
                _remaining -= length;
                if (_remaining == 0)
                {
                    _state = State.DataReturn;
                }

                return ParseStatus.Incomplete;
            }

            Rejection rejection = Take(input[consumed++]);
            if (rejection != Rejection.None)
            {
                Rejection = rejection;
                _state = State.Rejected;
            }
        }

        return _state == State.Complete ? ParseStatus.Complete : ParseStatus.Rejected;
    }

    private Rejection Take(byte value) => _state switch
    {
        State.Size => TakeSize(value),
        < State.ChunkLineFeed => TakeExtension(value),
        State.ChunkLineFeed => EndChunkLine(value),
        State.DataReturn => Expect(value, '\r', State.DataLineFeed, Rejection.BadChunkEnd),
        State.DataLineFeed => Expect(value, '\n', State.Size, Rejection.BadChunkEnd),
        State.LastLineFeed => Expect(value, '\n', State.Complete, Rejection.BadLineEnd),
        _ => TakeTrailer(value),
    };

    private Rejection TakeSize(byte value)
    {
        int digit = ByteClass.HexValue(value);
        if (digit >= 0 && _sizeDigits < MaxSizeDigits)
        {
            _sizeDigits++;
            _remaining = (_remaining << 4) | (uint)digit;
            return Rejection.None;
        }

        if (digit >= 0 || _sizeDigits == 0)
        {
            return Rejection.BadChunkSize;
        }

        if (value == '\r')
        {
            return Go(State.ChunkLineFeed);
        }

        if (value != ';' && !ByteClass.IsWhitespace(value))
        {
            return value == '\n' ? Rejection.BadLineEnd : Rejection.BadChunkSize;
        }

        _state = State.BeforeExtension;
        return TakeExtension(value);
    }

    /// <summary><c>*( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )</c> (RFC 9112 §7.1.1).</summary>
    private Rejection TakeExtension(byte value)
    {
        if (value == '\r' && _state is State.ExtensionName or State.ExtensionToken or State.AfterExtensionValue)
        {
            return Go(State.ChunkLineFeed);
        }

        _extensionBytes++;
        _allExtensionBytes++;
        if (_sizeDigits + _extensionBytes > HttpLimits.ChunkLine || _allExtensionBytes > HttpLimits.ChunkExtensions)
        {
            return Rejection.ChunkExtensionsTooLong;
        }

        bool space = ByteClass.IsWhitespace(value);
        bool token = ByteClass.IsToken(value);
        switch (_state)
        {
            case State.BeforeExtension or State.AfterExtensionValue when value == ';':
            case State.ExtensionName or State.AfterExtensionName or State.ExtensionToken when value == ';':
                return Go(State.BeforeExtensionName);
            case State.BeforeExtensionName when token:
                return Go(State.ExtensionName);
            case State.ExtensionName or State.AfterExtensionName when value == '=':
                return Go(State.BeforeExtensionValue);
            case State.ExtensionName when space:
                return Go(State.AfterExtensionName);
            case State.BeforeExtensionValue when token:
                return Go(State.ExtensionToken);
            case State.BeforeExtensionValue when value == '"':
                return Go(State.ExtensionQuotedString);
            case State.ExtensionToken when space:
                return Go(State.BeforeExtension);
            case State.ExtensionQuotedString when value == '"':
                return Go(State.AfterExtensionValue);
            case State.ExtensionQuotedString when value == '\\':
                return Go(State.ExtensionQuotedPair);
            case State.ExtensionQuotedPair when ByteClass.IsFieldContent(value):
                return Go(State.ExtensionQuotedString);
            case State.AfterExtensionValue when space:
                return Go(State.BeforeExtension);
            case State.ExtensionName or State.ExtensionToken when token:
            case State.ExtensionQuotedString when ByteClass.IsFieldContent(value):
            case State.BeforeExtension or State.BeforeExtensionName when space:
            case State.AfterExtensionName or State.BeforeExtensionValue when space:
                return Rejection.None;
            default:
                return value == '\n' ? Rejection.BadLineEnd : Rejection.BadChunkExtension;
        }
    }

    private Rejection EndChunkLine(byte value)
    {
        _sizeDigits = 0;
        _extensionBytes = 0;
        return Expect(value, '\n', _remaining == 0 ? State.TrailerLine : State.Data, Rejection.BadLineEnd);
    }

    /// <summary>Field lines like those of a head (RFC 9112 §7.1.2); their meaning is ignored.</summary>
    private Rejection TakeTrailer(byte value)
    {
        if (_state == State.TrailerLine && value == '\r')
        {
            return Go(State.LastLineFeed);
        }

        if (++_trailerBytes > HttpLimits.TrailerSection)
        {
            return Rejection.TrailerSectionTooLarge;
        }

        switch (_state)
        {
            case State.TrailerLine when _trailerLines == HttpLimits.FieldLines:
                return Rejection.TrailerSectionTooLarge;
            case State.TrailerLine when ByteClass.IsToken(value):
                _trailerLines++;
                return Go(State.TrailerName);
            case State.TrailerName when ByteClass.IsToken(value):
            case State.TrailerValue when ByteClass.IsFieldContent(value):
                return Rejection.None;
            case State.TrailerName when value == ':':
                return Go(State.TrailerValue);
            case State.TrailerValue when value == '\r':
                return Go(State.TrailerLineFeed);
            case State.TrailerLineFeed:
                return Expect(value, '\n', State.TrailerLine, Rejection.BadLineEnd);
            case State.TrailerLine when ByteClass.IsWhitespace(value):
                return Rejection.FoldedField;
            case State.TrailerName when ByteClass.IsWhitespace(value):
                return Rejection.SpaceBeforeColon;
            case State.TrailerValue:
                return value == '\n' ? Rejection.BadLineEnd : Rejection.BadFieldValue;
            default:
                return value == '\n' ? Rejection.BadLineEnd : Rejection.BadFieldName;
        }
    }

    private Rejection Expect(byte value, char expected, State next, Rejection otherwise) =>
        value == expected ? Go(next) : otherwise;

    private Rejection Go(State next)
    {
        _state = next;
        return Rejection.None;
    }
}
