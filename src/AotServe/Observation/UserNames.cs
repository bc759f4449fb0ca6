using System;
using System.Buffers;
using System.Buffers.Text;
using AotServe.Http;

namespace AotServe.Observation;

/// <summary>The names of users who have signed in (Basic, RFC 7617 §2). Immutable; any thread may use it.</summary>
internal sealed class UserNames
{
    /// <summary>The most bytes of a name, and of what it is read from. What is longer is left out.</summary>
    public const int Longest = 768;

    /// <summary>Reads the name of the user of a request that was let in. False: it was not, or says none.</summary>
    /// <param name="head">The request's head.</param>
    /// <param name="start">Whether it was let in.</param>
    /// <param name="name">Room for <see cref="Longest"/> bytes.</param>
    /// <param name="length">How many the name has.</param>
    public bool TryRead(RequestHead head, in ExchangeStart start, Span<byte> name, out int length)
    {
        length = 0;
        ReadOnlySpan<byte> scheme = "basic "u8;
        if (start.IsRefused || !start.IsSignedIn || !head.TryGetField("authorization"u8, out ReadOnlySpan<byte> value)
            || value.Length is < 6 or > Longest || !System.Text.Ascii.EqualsIgnoreCase(value[..scheme.Length], scheme)
            || Base64.DecodeFromUtf8(value[scheme.Length..].Trim((byte)' '), name, out _, out int decoded) != OperationStatus.Done)
        {
            return false;
        }

        length = name[..decoded].IndexOf((byte)':');
        return length > 0;
    }
}
