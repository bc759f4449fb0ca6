using System;

namespace AotServe.Http;

/// <summary>
/// The state of decoding one chunked body (RFC 9112 §7.1), fed with bytes as they arrive. Chunk extensions and the
/// trailer section are validated, bounded and discarded. A value type: one lives in the connection that reads the body.
/// </summary>
internal struct ChunkedDecoder
{
    /// <summary>Why the body was refused; meaningful after <see cref="ParseStatus.Rejected"/> only.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>
    /// Decodes a step: consumes bytes from the front of <paramref name="input"/> until there is body data to hand out,
    /// the input is used up, the body ends, or a rule is broken.
    /// </summary>
    /// <param name="input">The bytes received and not yet consumed.</param>
    /// <param name="consumed">How many of them this step used, the data included.</param>
    /// <param name="data">A slice of <paramref name="input"/> that belongs to the body; may be empty.</param>
    /// <returns>
    /// <see cref="ParseStatus.Incomplete"/>: call again with what is left, or with more once nothing is left.
    /// <see cref="ParseStatus.Complete"/>: the last chunk and the trailer section were read; what is left belongs to
    /// the next request. <see cref="ParseStatus.Rejected"/>: see <see cref="Rejection"/>.
    /// </returns>
    public ParseStatus Decode(ReadOnlySpan<byte> input, out int consumed, out ReadOnlySpan<byte> data) =>
        throw new NotImplementedException();
}
