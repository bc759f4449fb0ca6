using System;

namespace AotServe.Http;

/// <summary>
/// The last HTTP date that was asked for, as text: responses one after the other mostly have the same Date, and the files of a build the same
/// Last-Modified. A field of its owner, for one thread.
/// </summary>
internal struct DateText
{
    private byte[]? _text;
    private long _seconds;

    /// <summary>The text of a time in seconds since 1970, <see cref="HttpDate.Length"/> bytes; valid until the next call.</summary>
    public ReadOnlySpan<byte> Of(long unixSeconds)
    {
        if (_text is null || _seconds != unixSeconds)
        {
            _text ??= new byte[HttpDate.Length];
            HttpDate.Format(unixSeconds, _text);
            _seconds = unixSeconds;
        }

        return _text;
    }
}
