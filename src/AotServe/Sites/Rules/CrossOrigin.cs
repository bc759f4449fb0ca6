using System;
using System.Collections.Generic;
using System.Text;
using AotServe.Http;

namespace AotServe.Sites.Rules;

/// <summary>
/// Lets the scripts of other sites read this one's answers (<c>--cors</c>, the Fetch standard's CORS protocol). Immutable;
/// any thread may use it.
/// </summary>
internal sealed class CrossOrigin
{
    /// <summary>The longest list of field names that a preflight may ask for and be given back.</summary>
    private const int LongestList = 1024;

    private static readonly OverridableField AllowOrigin = Field("Access-Control-Allow-Origin"u8);
    private static readonly OverridableField ExposeHeaders = Field("Access-Control-Expose-Headers"u8);
    private static readonly OverridableField Vary = Field("Vary"u8);

    private readonly byte[][] _origins;
    private readonly bool _isAny;

    /// <summary>For scripts of <paramref name="origins"/>, in the form that browsers send; <c>*</c>: of any site.</summary>
    public CrossOrigin(IReadOnlyList<string> origins)
    {
        _origins = new byte[origins.Count][];
        for (int i = 0; i < _origins.Length; i++)
        {
            _origins[i] = Encoding.ASCII.GetBytes(origins[i]);
            _isAny |= origins[i] == "*";
        }
    }

    /// <summary>
    /// Puts the fields on the answer that let its script read it, whatever the answer will be. Where not all origins are
    /// welcome, the answer depends on the one that asks, also where none does.
    /// </summary>
    public void AddTo(RequestHead head, FieldOverrides overrides)
    {
        if (!_isAny)
        {
            overrides.Add(Vary, "Origin"u8);
        }

        if (!IsWelcome(head, out ReadOnlySpan<byte> origin))
        {
            return;
        }

        overrides.Add(AllowOrigin, _isAny ? "*"u8 : origin);
        overrides.Add(ExposeHeaders, "Accept-Ranges, Content-Encoding, Content-Range, ETag"u8);
    }

    /// <summary>Answers a preflight, by which a browser asks what a script may send; false: the request is none.</summary>
    public bool AnswerPreflight(RequestHead head, ReadOnlySpan<byte> methods, Response response)
    {
        if (head.Method != RequestMethod.Options || !head.TryGetField("origin"u8, out _)
            || !head.TryGetField("access-control-request-method"u8, out _))
        {
            return false;
        }

        response.Start(204);
        if (IsWelcome(head, out _))
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

    private bool IsWelcome(RequestHead head, out ReadOnlySpan<byte> origin)
    {
        bool isSent = head.TryGetField("origin"u8, out origin);
        if (_isAny || !isSent)
        {
            return _isAny;
        }

        foreach (byte[] welcome in _origins)
        {
            if (origin.SequenceEqual(welcome))
            {
                return true;
            }
        }

        return false;
    }
}
