using System;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Lets scripts of other origins read responses (<c>--cors</c>, the CORS protocol of the Fetch standard). Immutable; any thread
/// may use it.
/// </summary>
internal sealed class CrossOrigin
{
    /// <summary>The longest list of field names in a preflight that is allowed.</summary>
    private const int LongestList = 1024;

    private static readonly OverridableField AllowOrigin = Field("Access-Control-Allow-Origin"u8);
    private static readonly OverridableField ExposeHeaders = Field("Access-Control-Expose-Headers"u8);
    private static readonly OverridableField Vary = Field("Vary"u8);

    private readonly byte[][] _origins;
    private readonly bool _isAny;

    /// <param name="origins">The allowed origins, in the form that browsers send; <c>*</c>: any origin.</param>
    public CrossOrigin(string[] origins)
    {
        _origins = new byte[origins.Length][];
        for (int i = 0; i < _origins.Length; i++)
        {
            _origins[i] = Encoding.ASCII.GetBytes(origins[i]);
            _isAny |= origins[i] == "*";
        }
    }

    /// <summary>
    /// Adds the fields that let an allowed origin read the response, whatever the response will be. Unless any origin is allowed,
    /// the response depends on the Origin field, even if the request has none.
    /// </summary>
    public void AddTo(RequestHead head, FieldOverrides overrides)
    {
        if (!_isAny)
        {
            overrides.Add(Vary, "Origin"u8);
        }

        if (!IsAllowed(head, out ReadOnlySpan<byte> origin))
        {
            return;
        }

        overrides.Add(AllowOrigin, _isAny ? "*"u8 : origin);
        overrides.Add(ExposeHeaders, "Accept-Ranges, Content-Encoding, Content-Range, ETag"u8);
    }

    /// <summary>Answers a preflight, with which a browser asks what a script may send. False if the request is none.</summary>
    public bool AnswerPreflight(RequestHead head, ReadOnlySpan<byte> methods, Response response)
    {
        if (head.Method != RequestMethod.Options || !head.TryGetField("origin"u8, out _)
            || !head.TryGetField("access-control-request-method"u8, out _))
        {
            return false;
        }

        response.Start(204);
        if (IsAllowed(head, out _))
        {
            response.Field("Access-Control-Allow-Methods"u8, methods);
            if (head.TryGetField("access-control-request-headers"u8, out ReadOnlySpan<byte> names) && IsListOfNames(names))
            {
                response.Field("Access-Control-Allow-Headers"u8, names);
                response.Field("Vary"u8, "Access-Control-Request-Headers"u8);
            }

            response.Field("Access-Control-Max-Age"u8, 7200);
        }

        response.EndWithoutBody();
        return true;
    }

    private static OverridableField Field(ReadOnlySpan<byte> name) =>
        OverridableField.TryCreate(name, isRemoval: false, out OverridableField? field, out string? error)
            ? field
            : throw new InvalidOperationException(error);

    private static bool IsListOfNames(ReadOnlySpan<byte> list)
    {
        if (list.IsEmpty || list.Length > LongestList)
        {
            return false;
        }

        foreach (Range range in list.Split((byte)','))
        {
            ReadOnlySpan<byte> name = ByteClass.TrimWhitespace(list[range]);
            if (name.IsEmpty || ByteClass.IndexOfNonToken(name) >= 0)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsAllowed(RequestHead head, out ReadOnlySpan<byte> origin)
    {
        bool isSent = head.TryGetField("origin"u8, out origin);
        if (_isAny || !isSent)
        {
            return _isAny;
        }

        foreach (byte[] allowed in _origins)
        {
            if (origin.SequenceEqual(allowed))
            {
                return true;
            }
        }

        return false;
    }
}
