using System;
using System.Collections.Generic;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

/// <summary>What came of decoding a chunked body that arrived in pieces.</summary>
internal sealed record Chunks(ParseStatus Status, Rejection Rejection, string Body, int Consumed)
{
    /// <summary>
    /// Decodes <paramref name="input"/>, giving the decoder at most as many new bytes at a time as
    /// <paramref name="next"/> says. Fails where a step makes no progress or hands out what it was not given.
    /// </summary>
    public static Chunks Decode(ReadOnlySpan<byte> input, Func<int> next)
    {
        var decoder = default(ChunkedDecoder);
        var body = new List<byte>();
        int position = 0;
        int arrived = 0;
        ParseStatus status = ParseStatus.Incomplete;
        while (status == ParseStatus.Incomplete && (arrived < input.Length || position < arrived))
        {
            if (position == arrived)
            {
                arrived = Math.Min(input.Length, arrived + Math.Max(1, next()));
            }

            status = decoder.Decode(input[position..arrived], out int consumed, out ReadOnlySpan<byte> data);
            Assert.True(consumed > 0 && consumed <= arrived - position && data.Length <= consumed);
            Assert.True(status == ParseStatus.Incomplete || data.IsEmpty);
            body.AddRange(data);
            position += consumed;
        }

        if (status != ParseStatus.Incomplete)
        {
            Assert.Equal(status, decoder.Decode("0\r\n\r\n"u8, out int more, out _));
            Assert.Equal(0, more);
        }

        return new(status, decoder.Rejection, Text(body.ToArray()), position);
    }

    public static Chunks Decode(string input) => Decode(Bytes(input), () => input.Length);
}
