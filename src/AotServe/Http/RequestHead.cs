using System;

namespace AotServe.Http;

/// <summary>
/// The parsed head of one request: spans over the receive buffer, nothing copied. Filled by <see cref="RequestParser"/>. The
/// worker that owns the instance reuses it for each request. A span from it is valid until the buffer changes, which is
/// not before the request has been answered.
/// </summary>
internal sealed class RequestHead
{
    private readonly FieldLine[] _lines = new FieldLine[HttpLimits.FieldLines];
    private byte[] _buffer = [];
    private int _start;

    /// <summary>The client that sent the request; null if unknown. Set once by the owner, for all requests.</summary>
    public IClient? Client { get; init; }

    /// <summary>The number of bytes of the head, including an empty line before it and the one after the fields.</summary>
    public int Length { get; internal set; }

    public RequestMethod Method { get; internal set; }

    public TargetForm Form { get; internal set; }

    /// <summary>1 for HTTP/1.1 and later minor versions, 0 for HTTP/1.0.</summary>
    public int MinorVersion { get; internal set; }

    public BodyFraming Framing { get; internal set; }

    /// <summary>The length of the body if <see cref="Framing"/> is <see cref="BodyFraming.ContentLength"/>, otherwise 0.</summary>
    public long ContentLength { get; internal set; }

    /// <summary>
    /// Whether the connection may persist as far as the request says (RFC 9112 §9.3): the default of the version, or the
    /// option <c>close</c> or <c>keep-alive</c> of the Connection field.
    /// </summary>
    public bool KeepAlive { get; internal set; }

    /// <summary>Whether the client waits for <c>100 Continue</c> before it sends the body (RFC 9110 §10.1.1).</summary>
    public bool ExpectsContinue { get; internal set; }

    /// <summary>Why the request was rejected; set only after <see cref="ParseStatus.Rejected"/>.</summary>
    public Rejection Rejection { get; internal set; }

    public int FieldCount { get; internal set; }

    internal (int Start, int Length) MethodRange { get; set; }

    internal (int Start, int Length) TargetRange { get; set; }

    internal (int Start, int Length) PathRange { get; set; }

    internal (int Start, int Length) QueryRange { get; set; }

    internal (int Start, int Length) AuthorityRange { get; set; }

    /// <summary>The method as it was sent.</summary>
    public ReadOnlySpan<byte> MethodToken => Slice(MethodRange);

    /// <summary>The request target as it was sent: visible ASCII only.</summary>
    public ReadOnlySpan<byte> Target => Slice(TargetRange);

    /// <summary>
    /// The path of an origin- or absolute-form target, still percent-encoded. It begins with <c>/</c>, and is <c>/</c> if an
    /// absolute form has no path; <c>*</c> in asterisk form, empty in authority form.
    /// </summary>
    public ReadOnlySpan<byte> Path => PathRange.Length == 0 && Form == TargetForm.Absolute ? "/"u8 : Slice(PathRange);

    /// <summary>The query without its <c>?</c>; empty if there is none.</summary>
    public ReadOnlySpan<byte> Query => Slice(QueryRange);

    /// <summary>
    /// The authority that the request is for, as sent, with its port: the absolute form's, else the Host field's
    /// (RFC 9112 §3.3). Empty if an HTTP/1.0 request has neither.
    /// </summary>
    public ReadOnlySpan<byte> Authority => Slice(AuthorityRange);

    /// <summary>The name of field line <paramref name="index"/>, 0 to <see cref="FieldCount"/> − 1, as it was sent.</summary>
    public ReadOnlySpan<byte> FieldName(int index) =>
        Slice((_lines[index].NameStart, _lines[index].NameLength));

    /// <summary>The value of field line <paramref name="index"/>, without whitespace around it.</summary>
    public ReadOnlySpan<byte> FieldValue(int index) =>
        Slice((_lines[index].ValueStart, _lines[index].ValueLength));

    /// <summary>
    /// The value of the first field line named <paramref name="name"/> (given in lower case, compared without regard to
    /// case). If there is none, returns false and an empty value.
    /// </summary>
    public bool TryGetField(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        int index = IndexOfField(name, 0);
        value = index < 0 ? default : FieldValue(index);
        return index >= 0;
    }

    /// <summary>
    /// The index of the first field line at or after <paramref name="from"/> that is named <paramref name="name"/>
    /// (lower case), or −1. For list fields, which may have several lines (RFC 9110 §5.3).
    /// </summary>
    public int IndexOfField(ReadOnlySpan<byte> name, int from)
    {
        for (int i = from; i < FieldCount; i++)
        {
            if (_lines[i].NameLength == name.Length && System.Text.Ascii.EqualsIgnoreCase(FieldName(i), name))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Discards the last request. The next begins at <paramref name="start"/> of <paramref name="buffer"/>.</summary>
    internal void Attach(byte[] buffer, int start)
    {
        _buffer = buffer;
        _start = start;
        Length = FieldCount = 0;
        Method = RequestMethod.Other;
        Form = TargetForm.Origin;
        MinorVersion = 1;
        Framing = BodyFraming.None;
        ContentLength = 0;
        KeepAlive = ExpectsContinue = false;
        Rejection = Rejection.None;
        MethodRange = TargetRange = PathRange = QueryRange = AuthorityRange = default;
    }

    /// <summary>Adds a field line. The parser has checked the limit (<see cref="HttpLimits.FieldLines"/>).</summary>
    internal void Add(FieldLine line) => _lines[FieldCount++] = line;

    /// <summary>Stores why the request is rejected, and returns <see cref="ParseStatus.Rejected"/>.</summary>
    internal ParseStatus Reject(Rejection rejection)
    {
        Rejection = rejection;
        return ParseStatus.Rejected;
    }

    private ReadOnlySpan<byte> Slice((int Start, int Length) range) =>
        new(_buffer, _start + range.Start, range.Length);
}
