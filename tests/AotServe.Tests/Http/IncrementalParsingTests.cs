using System;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public class IncrementalParsingTests
{
    [Fact]
    public void The_samples_are_what_they_are_said_to_be()
    {
        Assert.All(SampleRequests.Accepted, request => Assert.Equal(ParseStatus.Complete, Parse(request).Status));
        Assert.All(SampleRequests.Refused, request => Assert.Equal(ParseStatus.Rejected, Parse(request).Status));
    }

    [Fact]
    public void Wherever_a_request_is_cut_the_verdict_is_the_same_and_never_early()
    {
        var head = new RequestHead();
        foreach (string request in SampleRequests.All)
        {
            byte[] bytes = Bytes(request);
            ParseStatus verdict = RequestParser.Parse(bytes, 0, bytes.Length, head);
            (Rejection rejection, int length) = (head.Rejection, head.Length);
            Assert.NotEqual(ParseStatus.Incomplete, verdict);

            ParseStatus before = ParseStatus.Incomplete;
            for (int end = 0; end <= bytes.Length; end += Step(end))
            {
                ParseStatus status = RequestParser.Parse(bytes, 0, end, head);
                if (status == ParseStatus.Incomplete)
                {
                    Assert.Equal(ParseStatus.Incomplete, before);
                }
                else
                {
                    Assert.Equal((verdict, rejection), (status, head.Rejection));
                }

                if (status == ParseStatus.Complete)
                {
                    Assert.True(end >= length && head.Length == length);
                }

                before = status;
            }
        }
    }

    /// <summary>Every cut, but for the dull middle of what is long.</summary>
    private static int Step(int end) =>
        end % HttpLimits.RequestLine is > 500 and < HttpLimits.RequestLine - 500 ? 97 : 1;

    [Fact]
    public void What_stands_before_and_after_a_request_makes_no_difference()
    {
        var random = new Random(3);
        var alone = new RequestHead();
        var among = new RequestHead();
        foreach (string request in SampleRequests.All)
        {
            byte[] bytes = Bytes(request);
            ParseStatus verdict = RequestParser.Parse(bytes, 0, bytes.Length, alone);
            for (int i = 0; i < 50; i++)
            {
                byte[] buffer = new byte[bytes.Length + 200];
                random.NextBytes(buffer);
                int start = random.Next(100);
                bytes.CopyTo(buffer, start);
                int end = start + bytes.Length + random.Next(100);
                Assert.Equal(verdict, RequestParser.Parse(buffer, start, end, among));
                Assert.Equal(alone.Rejection, among.Rejection);
                if (verdict == ParseStatus.Complete)
                {
                    AssertEqual(alone, among);
                }
            }
        }
    }

    private static void AssertEqual(RequestHead expected, RequestHead actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.Equal(expected.Method, actual.Method);
        Assert.Equal(expected.Form, actual.Form);
        Assert.Equal(expected.Framing, actual.Framing);
        Assert.Equal(expected.ContentLength, actual.ContentLength);
        Assert.Equal(expected.KeepAlive, actual.KeepAlive);
        Assert.Equal(expected.ExpectsContinue, actual.ExpectsContinue);
        Assert.Equal(Text(expected.Target), Text(actual.Target));
        Assert.Equal(Text(expected.Path), Text(actual.Path));
        Assert.Equal(Text(expected.Query), Text(actual.Query));
        Assert.Equal(Text(expected.Authority), Text(actual.Authority));
        Assert.Equal(expected.FieldCount, actual.FieldCount);
        for (int i = 0; i < expected.FieldCount; i++)
        {
            Assert.Equal(Text(expected.FieldName(i)), Text(actual.FieldName(i)));
            Assert.Equal(Text(expected.FieldValue(i)), Text(actual.FieldValue(i)));
        }
    }

    [Fact]
    public void Pipelined_requests_are_taken_one_after_the_other()
    {
        byte[] bytes = Bytes(string.Concat(SampleRequests.Accepted));
        var head = new RequestHead();
        int start = 0;
        foreach (string request in SampleRequests.Accepted)
        {
            Assert.Equal(ParseStatus.Complete, RequestParser.Parse(bytes, start, bytes.Length, head));
            Assert.Equal(request.Length, head.Length);
            start += head.Length;
        }

        Assert.Equal(ParseStatus.Incomplete, RequestParser.Parse(bytes, start, bytes.Length, head));
    }
}
