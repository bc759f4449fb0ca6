using System;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class AllocationTests
{
    [Fact]
    public void Parsing_allocates_nothing()
    {
        byte[][] requests = Array.ConvertAll([.. SampleRequests.Accepted, .. SampleRequests.Refused], Bytes);
        var head = new RequestHead();
        AssertAllocatesNothing(() =>
        {
            foreach (byte[] request in requests)
            {
                RequestParser.Parse(request, 0, request.Length, head);
                head.TryGetField("accept-encoding"u8, out _);
            }
        });
    }

    [Fact]
    public void Decoding_allocates_nothing()
    {
        byte[] body = Bytes("5;a=\"b\"\r\nhello\r\n0\r\nA: b\r\n\r\n");
        AssertAllocatesNothing(() =>
        {
            var decoder = default(ChunkedDecoder);
            ReadOnlySpan<byte> rest = body;
            while (decoder.Decode(rest, out int consumed, out _) == ParseStatus.Incomplete)
            {
                rest = rest[consumed..];
            }
        });
    }

    [Fact]
    public void Answering_allocates_nothing()
    {
        var output = new OutputBuffer(4096);
        var response = new Response(output);
        long now = 0;
        AssertAllocatesNothing(() =>
        {
            output.Truncate(0);
            response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: now++);
            response.Start(200);
            response.DateField("Last-Modified"u8, 784_111_777);
            response.EndWithBody("body"u8);
            HttpDate.TryParse("Sunday, 06-Nov-94 08:49:37 GMT"u8, now, out _);
            response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: now);
            ErrorPage.Write(response, Rejection.BadHost);
        });
    }

    internal static void AssertAllocatesNothing(Action action)
    {
        action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            action();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
