using System.Collections.Generic;
using System.Linq;
using System.Net;
using AotServe.Cli;
using Xunit;

namespace AotServe.Tests.Cli;

/// <summary>What <c>--bind</c> takes, and what it refuses.</summary>
public sealed class BindAddressTests
{
    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("[::1]", "::1")]
    [InlineData("2001:DB8::0:1", "2001:db8::1")]
    [InlineData("fe80::1%1", "fe80::1%1")]
    [InlineData("[fe80::1%1]", "fe80::1%1")]
    [InlineData("::ffff:127.0.0.1", "127.0.0.1")]
    [InlineData("::ffff:7f00:1", "127.0.0.1")]
    public void An_address_literal_is_taken(string literal, string address)
    {
        Assert.True(BindAddress.TryParse(literal, out IPAddress? read, out _));
        Assert.Equal(address, read.ToString());
    }

    [Theory]
    [InlineData("127.1")]
    [InlineData("127.0.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("0x7f000001")]
    [InlineData("0177.0.0.1")]
    [InlineData("127.0.0.01")]
    [InlineData("127.0.0.256")]
    [InlineData("127.0.0.-1")]
    [InlineData("127.0.0.")]
    [InlineData(".0.0.1")]
    [InlineData("127..0.1")]
    [InlineData("127.0.0.1.")]
    [InlineData("127.0.0.1.1")]
    [InlineData(" 127.0.0.1")]
    [InlineData("127.0.0.1 ")]
    [InlineData("１２７.0.0.1")]
    [InlineData("[127.0.0.1]")]
    [InlineData("[::1")]
    [InlineData("::1]")]
    [InlineData("[[::1]]")]
    [InlineData("[]")]
    [InlineData("::1/64")]
    [InlineData(":::")]
    [InlineData("1::2::3")]
    [InlineData("g::1")]
    [InlineData("::ffff:127.1")]
    [InlineData("fe80::1%no-such-interface")]
    [InlineData("fe80::1%")]
    [InlineData("example.org")]
    [InlineData("*")]
    [InlineData("localhost:80:80")]
    public void Anything_else_is_refused(string literal)
    {
        Assert.False(BindAddress.TryParse(literal, out _, out string? error));
        Assert.Equal("is not an IPv4 or IPv6 address such as 127.0.0.1 or ::1", error);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost")]
    public void Localhost_is_answered_with_its_addresses(string name) =>
        Assert.Equal(
            $"--bind: '{name}' is a name, and names are not looked up; use 127.0.0.1 or ::1",
            Parse([], "--bind", name).Error);

    [Theory]
    [InlineData("127.0.0.1:80")]
    [InlineData("[::1]:80")]
    public void An_address_with_a_port_is_answered_with_where_the_port_goes(string literal) =>
        Assert.Equal(
            $"--bind: '{literal}' is an address and a port; give the address alone, and the port with --port",
            Parse([], "--bind", literal).Error);

    [Fact]
    public void Each_bind_counts_in_its_order() => Assert.Equal(["127.0.0.1", "::1"], Bound([], "--bind", "127.0.0.1", "--bind=[::1]"));

    [Theory]
    [InlineData("::1", "::1")]
    [InlineData("::1", "[0::1]")]
    [InlineData("127.0.0.1", "::ffff:127.0.0.1")]
    public void An_address_given_twice_is_an_error(string first, string second) =>
        Assert.Equal(
            $"--bind: '{second}' is given twice; give each address once",
            Parse([], "--bind", "10.0.0.1", "--bind", first, "--bind", second).Error);

    [Theory]
    [InlineData("127.0.0.1,::1")]
    [InlineData("127.0.0.1 ::1")]
    [InlineData(" 127.0.0.1 , [::1],")]
    public void The_variable_holds_a_list(string list) =>
        Assert.Equal(["127.0.0.1", "::1"], Bound(new() { ["AOTSERVE_BIND"] = list }));

    [Fact]
    public void The_command_line_replaces_the_variables_list() =>
        Assert.Equal(["10.0.0.1"], Bound(new() { ["AOTSERVE_BIND"] = "127.0.0.1,::1" }, "--bind", "10.0.0.1"));

    [Theory]
    [InlineData("127.0.0.1,localhost", "'localhost' is a name")]
    [InlineData("::1,::1", "'::1' is given twice")]
    [InlineData(" , ", "' , ' is not an IPv4 or IPv6 address")]
    public void A_bad_list_is_refused(string list, string error) =>
        Assert.StartsWith("AOTSERVE_BIND: " + error, Parse(new() { ["AOTSERVE_BIND"] = list }).Error);

    private static IEnumerable<string> Bound(Dictionary<string, string> variables, params string[] args)
    {
        ParsedCommand result = Parse(variables, args);
        Assert.Null(result.Error);
        return result.Options!.Listen.Addresses.Select((IPAddress address) => address.ToString());
    }

    private static ParsedCommand Parse(Dictionary<string, string> variables, params string[] args) =>
        CommandLine.Parse(args, name => variables.GetValueOrDefault(name));
}
