using System;
using System.IO;
using System.Linq;
using System.Text;
using AotServe.Buffers;
using AotServe.Files;
using AotServe.Http;
using AotServe.Sites;
using AotServe.Sites.Representations;
using AotServe.Tests.Http;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Representations.Ranges;

/// <summary>Answers to Range, from a file and from memory.</summary>
public sealed class RangeAnswerTests : IDisposable
{
    private const int Length = 5000;

    private readonly TemporaryFolder _folder = new();
    private readonly FileSite _site;
    private readonly byte[] _content = new byte[Length];

    public RangeAnswerTests()
    {
        new Random(1).NextBytes(_content);
        Directory.CreateDirectory(_folder.Root);
        File.WriteAllBytes(_folder["a.bin"], _content);
        File.WriteAllBytes(_folder["empty"], []);
        _site = FolderSite.Open(_folder.Root);
    }

    public void Dispose()
    {
        _site.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=10-", 10, 4990)]
    [InlineData("bytes=-7", 4993, 7)]
    [InlineData("bytes=0-", 0, 5000)]
    [InlineData("bytes=0-9,20-29", 0, 30)]
    public void A_range_is_206_with_the_fields_of_200(string value, int first, int length)
    {
        SiteAnswer whole = Get("/a.bin");
        SiteAnswer answer = Get("/a.bin", $"Range: {value}");
        Assert.Equal(206, answer.Status);
        Assert.Equal($"bytes {first}-{first + length - 1}/{Length}", answer["Content-Range"]);
        Assert.Equal($"{length}", answer["Content-Length"]);
        Assert.Equal(_content[first..(first + length)], answer.Body);
        Assert.Equal(
            whole.Fields.Where(field => field.Name != "Content-Length"),
            answer.Fields.Where(field => field.Name is not ("Content-Length" or "Content-Range")));
        Assert.Equal("bytes", whole["Accept-Ranges"]);
    }

    [Theory]
    [InlineData("bytes=0-")]
    [InlineData("bytes=0-0,5-")]
    [InlineData("bytes=-5")]
    [InlineData("bytes=-0")]
    public void Of_an_empty_file_there_is_no_part(string value)
    {
        SiteAnswer answer = Get("/empty", $"Range: {value}");
        Assert.Equal((200, "0", null), (answer.Status, answer["Content-Length"], answer["Content-Range"]));
    }

    [Theory]
    [InlineData("/a.bin", "bytes=5000-", "bytes */5000")]
    [InlineData("/a.bin", "bytes=-0", "bytes */5000")]
    public void A_range_beyond_the_end_is_416_with_the_length(string target, string value, string contentRange)
    {
        SiteAnswer answer = Get(target, $"Range: {value}");
        Assert.Equal((416, contentRange, null), (answer.Status, answer["Content-Range"], answer["ETag"]));
        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Contains("416 Range Not Satisfiable", answer.Text, StringComparison.Ordinal);
        Assert.True(answer.KeepAlive);
    }

    [Theory]
    [InlineData("GET", "/a.bin", "Range: lines=0-1")]
    [InlineData("GET", "/a.bin", "Range: bytes=1-0")]
    [InlineData("GET", "/a.bin", "Range: ")]
    [InlineData("GET", "/a.bin", "Range: bytes=0-1", "Range: bytes=0-1")]
    [InlineData("GET", "/a.bin", "Range: bytes=0-4800,4990-")]
    [InlineData("GET", "/a.bin", "If-Range: \"x\"")]
    [InlineData("GET", "/empty", "Range: bytes=-1")]
    [InlineData("HEAD", "/a.bin", "Range: bytes=0-1")]
    [InlineData("HEAD", "/a.bin", "Range: bytes=5000-")]
    public void What_does_not_count_leaves_the_whole(string method, string target, params string[] fields)
    {
        var answer = SiteAnswer.To(_site, method, target, fields);
        var whole = SiteAnswer.To(_site, method, target);
        Assert.Equal(200, answer.Status);
        Assert.Equal(whole.Fields, answer.Fields);
        Assert.Equal(whole.Body, answer.Body);
        Assert.Null(answer["Content-Range"]);
    }

    [Fact]
    public void Several_ranges_are_parts_in_the_order_that_was_asked_for()
    {
        SiteAnswer answer = Get("/a.bin", "Range: bytes=1000-1009, 0-0, 6000-, -5");
        Assert.Equal(206, answer.Status);
        Assert.Null(answer["Content-Range"]);
        Assert.Equal($"{answer.Body.Length}", answer["Content-Length"]);
        BytesPart[] parts = BytesPart.Read(answer["Content-Type"]!, answer.Body);
        Assert.Equal(
            ["bytes 1000-1009/5000", "bytes 0-0/5000", "bytes 4995-4999/5000"], parts.Select(part => part.ContentRange));
        Assert.All(parts, part => Assert.Equal("application/octet-stream", part.ContentType));
        Assert.Equal(_content[1000..1010].Append(_content[0]).Concat(_content[4995..]), parts.SelectMany(part => part.Content));
        Assert.NotNull(answer["ETag"]);
        Assert.NotNull(answer["Last-Modified"]);
    }

    [Fact]
    public void No_two_answers_share_a_boundary()
    {
        string?[] types = [.. Enumerable.Range(0, 10).Select(_ => Get("/a.bin", "Range: bytes=0-0,-1")["Content-Type"])];
        Assert.Equal(10, types.Distinct().Count());
        Assert.All(types, type => Assert.Matches("^multipart/byteranges; boundary=[0-9a-f]{32}$", type));
    }

    [Fact]
    public void The_longest_part_heads_fit()
    {
        using (FileStream file = File.Create(_folder["large.webmanifest"]))
        {
            file.SetLength(1L << 42);
        }

        long start = (1L << 42) - 100_000;
        string value = string.Join(',', Enumerable.Range(0, 16).Select(i => $"{start + i * 1000}-{start + i * 1000 + 9}"));
        SiteAnswer answer = Get("/large.webmanifest", "Range: bytes=" + value);
        BytesPart[] parts = BytesPart.Read(answer["Content-Type"]!, answer.Body);
        Assert.Equal(16, parts.Length);
        Assert.Equal($"bytes {start + 15_000}-{start + 15_009}/{1L << 42}", parts[15].ContentRange);
    }

    [Fact]
    public void Whatever_is_asked_for_the_bytes_are_those_of_the_content()
    {
        Gen<string> spec = Gen.OneOf(
            Gen.Zip(Gen.Choose(0, Length), Gen.Choose(0, 300)).Select(pair => $"{pair.Item1}-{pair.Item1 + pair.Item2}"),
            Gen.Choose(Length - 500, Length + 500).Select(first => $"{first}-"),
            Gen.Choose(0, 500).Select(suffix => $"-{suffix}"));
        Prop.ForAll(
            Arb.From(Gen.ListOf(spec).Where(list => list.Count > 0)), Arb.From<bool>(Gen.Elements(false, true)),
            (specs, fromMemory) =>
            {
                string field = "Range: bytes=" + string.Join(", ", specs);
                SiteAnswer answer = fromMemory
                    ? SiteAnswer.To(new MemorySite(_content), "GET", "/", [field])
                    : Get("/a.bin", field);
                switch (answer.Status)
                {
                    case 200:
                        Assert.Equal(_content, answer.Body);
                        break;
                    case 416:
                        Assert.Equal($"bytes */{Length}", answer["Content-Range"]);
                        break;
                    default:
                        Assert.Equal(206, answer.Status);
                        BytesPart[] parts = answer["Content-Range"] is { } range
                            ? [new BytesPart("", range, answer.Body)]
                            : BytesPart.Read(answer["Content-Type"]!, answer.Body);
                        Assert.All(parts, part => Assert.Equal(_content[(int)part.First..((int)part.Last + 1)], part.Content));
                        Assert.True(answer["Content-Range"] is not null || parts.Length is > 1 and <= 16);
                        break;
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_000));
    }

    [Fact]
    public void A_single_range_allocates_nothing_but_its_file_handle()
    {
        byte[] request = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: h\r\nRange: bytes=100-199\r\nIf-Range: \"m\"\r\n\r\n");
        var head = new RequestHead();
        RequestParser.Parse(request, 0, request.Length, head);
        var output = new OutputBuffer(4096);
        var response = new Response(output);
        var site = new MemorySite(_content);
        AllocationTests.AssertAllocatesNothing(() =>
        {
            output.Truncate(0);
            response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, SiteAnswer.Now);
            site.Answer(head, default, response);
        });
        Assert.Equal(206, response.Status);
    }

    private SiteAnswer Get(string target, params string[] fields) => SiteAnswer.To(_site, "GET", target, fields);

    /// <summary>One representation in memory under every path.</summary>
    private sealed class MemorySite(byte[] content) : IRequestHandler
    {
        private readonly SharedBytes _bytes = new(content, new BufferBudget(1 << 20));

        public BodyUse UseOfBody(RequestHead head) => BodyUse.Discard;

        public void Answer(RequestHead head, ReadOnlySpan<byte> body, Response response)
        {
            var representation = new Representation
            {
                MediaType = "text/plain"u8,
                EntityTag = "\"m\""u8,
                LastModified = 0,
                Length = content.Length,
                Content = new FileContent(null, _bytes),
            };
            RepresentationAnswer.Write(head, representation, response);
        }
    }
}
