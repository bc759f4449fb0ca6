using System;
using System.Linq;
using System.Text;
using AotServe.Sites.Paths;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Sites.Paths;

/// <summary>Parameters of a query.</summary>
public sealed class QueryParameterTests
{
    [Theory]
    [InlineData("", null)]
    [InlineData("sort=name", "name")]
    [InlineData("a=1&sort=name&sort=size", "name")]
    [InlineData("sort", "")]
    [InlineData("sort&a", "")]
    [InlineData("sort=", "")]
    [InlineData("a=sort&b", null)]
    [InlineData("resort=1&sorted=2", null)]
    [InlineData("sortsort=1&sort=2", "2")]
    [InlineData("SORT=1", null)]
    [InlineData("sort=a=b", "a=b")]
    public void The_first_of_a_name_is_found(string query, string? value) => Assert.Equal(value, Get(query));

    [Fact]
    public void Any_query_is_read_as_if_it_were_taken_apart() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(5_000),
        Prop.ForAll(
            Gen.Elements("sort", "so", "rt", "&", "=", "a").ListOf().Select(string.Concat).ToArbitrary(),
            query => Assert.Equal(
                query.Split('&').Select(parameter => parameter.Split('=', 2)).FirstOrDefault(parts => parts[0] == "sort") is { } found
                    ? found.ElementAtOrDefault(1) ?? ""
                    : null,
                Get(query))));

    private static string? Get(string query) =>
        QueryParameter.TryGet(Encoding.ASCII.GetBytes(query), "sort"u8, out ReadOnlySpan<byte> value)
            ? Encoding.ASCII.GetString(value)
            : null;
}
