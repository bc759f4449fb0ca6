using System;
using System.Linq;
using System.Text;
using AotServe.Http;
using Xunit;
using static AotServe.Tests.Http.Parsing;

namespace AotServe.Tests.Http;

public sealed class FieldOverridesTests
{
    private readonly OutputBuffer _output = new(16);
    private readonly Response _response;

    public FieldOverridesTests()
    {
        _response = new Response(_output);
        _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
    }

    [Fact]
    public void A_field_stands_in_place_of_the_servers_own_in_whatever_case()
    {
        Add("cache-control", "no-store");
        Add("X-Robots-Tag", "noindex");
        Assert.Equal("A: b\r\ncache-control: no-store\r\nX-Robots-Tag: noindex\r\n", Answer(200, "A: b", "Cache-Control: max-age=3600"));
    }

    [Fact]
    public void Values_of_one_field_are_joined_and_cookies_are_not()
    {
        Add("X-Robots-Tag", "nosnippet");
        Add("Set-Cookie", "a=1");
        Add("x-robots-tag", "noindex");
        Add("Set-Cookie", "b=2");
        Assert.Equal("x-robots-tag: nosnippet, noindex\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n", Answer(200));
    }

    [Fact]
    public void Removing_takes_the_servers_own_and_those_added_before_and_none_after()
    {
        Add("Set-Cookie", "a=1");
        Add("X-A", "1");
        Remove("set-cookie");
        Remove("x-a");
        Remove("ETag");
        Remove("X-B");
        Add("X-B", "2");
        Add("Set-Cookie", "b=2");
        Assert.Equal("X-B: 2\r\nSet-Cookie: b=2\r\n", Answer(200, "ETag: \"x\""));
    }

    [Fact]
    public void Thousands_of_values_of_one_field_are_joined_and_take_no_more_memory_than_they_need()
    {
        string[] values = [.. Enumerable.Range(0, 5_000).Select(i => $"v{i}")];
        OverridableField field = Field("X-Many");
        byte[][] bytes = [.. values.Select(Encoding.ASCII.GetBytes)];
        AddAll();
        Assert.Equal($"X-Many: {string.Join(", ", values)}\r\n", Answer(200));

        // Joining by copies took 593 MB.
        _response.Overrides.Clear();
        long before = GC.GetAllocatedBytesForCurrentThread();
        AddAll();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void AddAll()
        {
            foreach (byte[] value in bytes)
            {
                _response.Overrides.Add(field, value);
            }
        }
    }

    [Fact]
    public void More_than_a_client_takes_is_said_and_forgotten_with_the_request()
    {
        for (int i = 0; i < 200; i++)
        {
            Assert.Equal(i * 1_002 + 1_000 > FieldOverrides.MaxLength, Add1000(i));
        }

        _response.Overrides.Clear();
        Add("X-A", "1");
        Assert.False(_response.Overrides.IsTooLong);
        Assert.Equal("X-A: 1\r\n", Answer(200));

        bool Add1000(int i)
        {
            Add($"X-{i % 7}", new string('x', 1_000));
            return _response.Overrides.IsTooLong;
        }
    }

    [Fact]
    public void Cookies_that_are_added_and_removed_by_turns_end_as_the_last_change_says()
    {
        for (int i = 0; i < 1_000; i++)
        {
            Remove("Set-Cookie");
            Add("Set-Cookie", $"a={i}");
        }

        Assert.Equal("Set-Cookie: a=999\r\n", Answer(200));
        Remove("SET-COOKIE");
        Assert.Equal("", Answer(200));
    }

    [Fact]
    public void A_layer_replaces_the_one_before()
    {
        Add("X-A", "1");
        Add("X-B", "1");
        _response.Overrides.StartLayer();
        Add("X-A", "2");
        Add("X-A", "3");
        Assert.Equal("X-A: 2, 3\r\nX-B: 1\r\n", Answer(200));
    }

    [Theory]
    [InlineData(200, "Cache-Control: c\r\nContent-Language: de\r\nX-A: a\r\n")]
    [InlineData(206, "Cache-Control: c\r\nContent-Language: de\r\nX-A: a\r\n")]
    [InlineData(304, "Cache-Control: c\r\nX-A: a\r\n")]
    [InlineData(301, "Cache-Control: c\r\nX-A: a\r\n")]
    [InlineData(404, "X-A: a\r\n")]
    [InlineData(503, "X-A: a\r\n")]
    public void An_answer_carries_the_fields_that_are_true_of_it(int status, string fields)
    {
        Add("Cache-Control", "c");
        Add("Content-Language", "de");
        Add("X-A", "a");
        Assert.Equal(fields, Answer(status));
    }

    [Fact]
    public void An_error_page_keeps_its_own_type()
    {
        Add("Content-Type", "application/json");
        Assert.Equal("Content-Type: text/html\r\n", Answer(404, "Content-Type: text/html"));
        Assert.Equal("Content-Type: application/json\r\n", Answer(200, "Content-Type: text/html"));
        Assert.Equal("Content-Type: multipart/byteranges; boundary=x\r\n", Answer(206, "Content-Type: multipart/byteranges; boundary=x"));
    }

    [Fact]
    public void Vary_is_added_to_and_the_name_of_the_server_may_go()
    {
        Add("Vary", "Cookie");
        Remove("Server");
        Assert.Equal("Vary: Accept-Encoding\r\nVary: Cookie\r\n", Answer(200, "Vary: Accept-Encoding"));
        Assert.DoesNotContain("Server", Text(_output.Written), StringComparison.Ordinal);
    }

    [Fact]
    public void Amendments_last_as_long_as_the_request()
    {
        Add("X-A", "1");
        Assert.Equal("X-A: 1\r\n", Answer(200));
        Assert.Equal("X-A: 1\r\n", Answer(404));
        _output.Truncate(0);
        _response.Reset(isHeadRequest: false, minorVersion: 1, keepAlive: true, nowUnixSeconds: 0);
        Assert.Equal("", Answer(200));
    }

    [Fact]
    public void Many_fields_and_long_values_fit()
    {
        string expected = "";
        for (int i = 0; i < 100; i++)
        {
            Add($"X-{i}", new string('v', i + 1));
            expected += $"X-{i}: {new string('v', i + 1)}\r\n";
        }

        Assert.Equal(expected, Answer(200));
    }

    [Theory]
    [InlineData("Content-Length")]
    [InlineData("transfer-encoding")]
    [InlineData("Connection")]
    [InlineData("Keep-Alive")]
    [InlineData("Trailer")]
    [InlineData("Upgrade")]
    [InlineData("Date")]
    [InlineData("TE")]
    [InlineData("Proxy-Connection")]
    [InlineData("Content-Encoding")]
    [InlineData("Content-Range")]
    [InlineData("Location")]
    [InlineData("Basic-Auth")]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\r\nb")]
    [InlineData("é")]
    public void What_is_up_to_the_server_is_refused(string name)
    {
        foreach (bool isRemoval in (bool[])[false, true])
        {
            Assert.False(OverridableField.TryCreate(Encoding.UTF8.GetBytes(name), isRemoval, out _, out string? error));
            Assert.NotNull(error);
        }
    }

    [Theory]
    [InlineData("Server", true, true)]
    [InlineData("ETag", false, true)]
    [InlineData("Last-Modified", false, true)]
    [InlineData("Vary", true, false)]
    [InlineData("Content-Type", true, true)]
    [InlineData("x_y.z", true, true)]
    public void Some_fields_can_only_be_set_or_removed(string name, bool set, bool removed)
    {
        Assert.Equal(set, OverridableField.TryCreate(Encoding.UTF8.GetBytes(name), false, out _, out _));
        Assert.Equal(removed, OverridableField.TryCreate(Encoding.UTF8.GetBytes(name), true, out _, out _));
    }

    [Theory]
    [InlineData("X-A: b", "X-A", "b")]
    [InlineData("X-A:b", "X-A", "b")]
    [InlineData(" X-A \t: b: c\t", "X-A", "b: c")]
    [InlineData("X-A: é", "X-A", "é")]
    public void A_setting_is_a_name_a_colon_and_a_value(string text, string name, string value)
    {
        Assert.True(FieldSetting.TryParse(Encoding.UTF8.GetBytes(text), out FieldSetting? setting, out _));
        Assert.Equal((name, value), (Text(setting.Field.Name), Encoding.UTF8.GetString(setting.Value)));
    }

    [Theory]
    [InlineData("X-A")]
    [InlineData("X-A:")]
    [InlineData("X-A: \t")]
    [InlineData(": b")]
    [InlineData("X A: b")]
    [InlineData("X-A: a\r\nSet-Cookie: b")]
    [InlineData("X-A: a\nb")]
    [InlineData("X-A: a\0b")]
    [InlineData("X-A: a\u007fb")]
    [InlineData("X-A\r\nX-B: a")]
    [InlineData("Content-Length: 3")]
    public void A_setting_that_could_split_an_answer_is_refused(string text)
    {
        Assert.False(FieldSetting.TryParse(Encoding.UTF8.GetBytes(text), out _, out string? error));
        Assert.NotEmpty(error);
    }

    private static OverridableField Field(string name) =>
        OverridableField.TryCreate(Encoding.ASCII.GetBytes(name), false, out OverridableField? field, out _)
        || OverridableField.TryCreate(Encoding.ASCII.GetBytes(name), true, out field, out _)
            ? field
            : throw new System.ArgumentException(name);

    private void Add(string name, string value) => _response.Overrides.Add(Field(name), Encoding.ASCII.GetBytes(value));

    private void Remove(string name) => _response.Overrides.Remove(Field(name));

    /// <summary>The field lines of an answer of that status to which the server itself gives those fields.</summary>
    private string Answer(int status, params string[] own)
    {
        _response.Start(status);
        foreach (string line in own)
        {
            string[] parts = line.Split(": ");
            _response.Field(Encoding.ASCII.GetBytes(parts[0]), Encoding.ASCII.GetBytes(parts[1]));
        }

        _response.EndWithoutBody();
        string head = Text(_output.Written);
        const string Last = "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n";
        return head[(head.IndexOf(Last, StringComparison.Ordinal) + Last.Length)..^2];
    }
}
