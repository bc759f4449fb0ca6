using System;
using System.Buffers.Binary;
using System.Linq;
using System.Net;
using System.Text;
using AotServe.Http;
using AotServe.Net;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Net;

/// <summary>Headers of the PROXY protocol, version 1 (a line) and version 2 (binary): what is read, what is refused, and when more is waited for.</summary>
public sealed class ProxyProtocolTests
{
    private const byte Local = 0x20;
    private const byte Proxy = 0x21;
    private const byte Stream4 = 0x11;
    private const byte Stream6 = 0x21;
    private const byte StreamUnix = 0x31;

    /// <summary>Addresses and ports of IPv4: the client is 192.0.2.1.</summary>
    private static readonly byte[] Addresses4 = [192, 0, 2, 1, 198, 51, 100, 1, 0xDC, 4, 1, 0xBB];

    /// <summary>Addresses and ports of IPv6: the client is 2001:db8::1.</summary>
    private static readonly byte[] Addresses6 = [0x20, 1, 0xD, 0xB8, .. new byte[11], 1, .. new byte[16], 0xDC, 4, 1, 0xBB];

    private static readonly Gen<byte> Byte = Gen.Choose(0, 255).Select(number => (byte)number);

    private static readonly Gen<IPAddress> Address = Gen.OneOf(
        Byte.ArrayOf(4).Select(bytes => new IPAddress(bytes)), Byte.ArrayOf(16).Select(bytes => new IPAddress(bytes)));

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n", "192.0.2.1")]
    [InlineData("PROXY TCP4 255.255.255.255 0.0.0.0 65535 0\r\n", "255.255.255.255")]
    [InlineData("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n", "2001:db8::1")]
    [InlineData("PROXY TCP6 2001:DB8:0:0:0:0:0:1 :: 0 0\r\n", "2001:db8::1")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.1 ::1 1 2\r\n", "::ffff:192.0.2.1")]
    [InlineData("PROXY TCP6 ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("PROXY UNKNOWN\r\n", null)]
    [InlineData("PROXY UNKNOWN whatever it is \r\n", null)]
    [InlineData("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n", null)]
    public void A_line_names_the_client(string text, string? client)
    {
        byte[] header = Bytes(text.Replace("ffff:f...f:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
        AssertReads(header, client);
    }

    [Fact]
    public void Version_2_names_the_client_whatever_follows_the_addresses()
    {
        byte[] extension = [4, 0, 3, 1, 2, 3];
        AssertReads(Binary(Proxy, Stream4, Addresses4), "192.0.2.1");
        AssertReads(Binary(Proxy, Stream4, [.. Addresses4, .. extension]), "192.0.2.1");
        AssertReads(Binary(Proxy, 0x10, Addresses4), "192.0.2.1"); // A transport that is not said.
        AssertReads(Binary(Proxy, Stream6, Addresses6), "2001:db8::1");
        AssertReads(Binary(Proxy, Stream6, [.. Addresses6, .. extension]), "2001:db8::1");
        AssertReads(Binary(Proxy, Stream4, [.. Addresses4, .. new byte[4096 - 16 - 12]]), "192.0.2.1");
    }

    [Fact]
    public void Version_2_may_name_nobody()
    {
        AssertReads(Binary(Proxy, StreamUnix, new byte[216]), null);
        AssertReads(Binary(Proxy, 0x00, []), null);
        AssertReads(Binary(Proxy, 0x00, [1, 2, 3]), null);
        AssertReads(Binary(Local, 0x00, []), null);
        AssertReads(Binary(Local, Stream4, Addresses4), null);
        AssertReads(Binary(Local, 0xFF, [1, 2, 3]), null); // Whatever else there is is not looked at.
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("POST")]
    [InlineData("P ")]
    [InlineData("proxy TCP4 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY\tTCP4 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY  TCP4 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP5 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY tcp4 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY UNKNOWNS\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 192.0.2.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP6 ::1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP6 fe80::1%1 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1] ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 [::1]:80 ::1 1 2\r\n")]
    [InlineData("PROXY TCP6 ::1/64 ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.256 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.010 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP4 0x7f.0.0.1 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.01 1 2\r\n")]
    [InlineData("PROXY TCP6 ::ffff:192.0.2.010 ::1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.513 198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 65536 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 65536\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 01 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 00\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 +1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 -1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 2 \r\n")]
    [InlineData("PROXY TCP4 192.0.2.1  198.51.100.1 1 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 2\n\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 1 2\0\r\n")]
    [InlineData("PROXY TCP4 192.0.2.\u00B2 198.51.100.1 1 2\r\n")]
    public void A_line_that_is_not_exactly_right_is_refused(string text) => AssertRefuses(Bytes(text));

    [Fact]
    public void A_line_ends_within_107_bytes()
    {
        string longest = "PROXY UNKNOWN " + new string('x', 107 - 16) + "\r\n";
        Assert.Equal(107, longest.Length);
        AssertReads(Bytes(longest), null);
        Assert.Equal(ParseStatus.Incomplete, Read(Bytes(longest)[..^1]).Status);
        AssertRefuses(Bytes("PROXY UNKNOWN x" + longest["PROXY UNKNOWN ".Length..]));
        AssertRefuses(Bytes("PROXY UNKNOWN " + new string('x', 107 - 14)));
    }

    [Fact]
    public void Version_2_is_refused_as_soon_as_its_fixed_part_is_wrong()
    {
        AssertRefuses(Binary(0x11, Stream4, Addresses4)); // version 1
        AssertRefuses(Binary(0x31, Stream4, Addresses4)); // version 3
        AssertRefuses(Binary(0x10, 0, [])); // version 1, LOCAL
        AssertRefuses(Binary(0x22, Stream4, Addresses4)); // another command
        AssertRefuses(Binary(0x2F, Stream4, Addresses4));
        AssertRefuses(Binary(Proxy, 0x41, new byte[216])); // another family
        AssertRefuses(Binary(Proxy, 0xF1, new byte[216]));
        AssertRefuses(Binary(Proxy, 0x12, Addresses4)); // datagrams
        AssertRefuses(Binary(Proxy, 0x22, Addresses6));
        AssertRefuses(Binary(Proxy, 0x32, new byte[216]));
        AssertRefuses(Binary(Proxy, 0x1F, Addresses4));
        AssertRefuses(Binary(Proxy, Stream4, Addresses4[..^1])); // less than its addresses
        AssertRefuses(Binary(Proxy, Stream6, Addresses6[..^1]));
        AssertRefuses(Binary(Proxy, StreamUnix, new byte[215]));
        AssertRefuses(Binary(Proxy, Stream4, new byte[4096 - 16 + 1])); // more than 4096 bytes
        AssertRefuses(Binary(Local, 0, new byte[65535]));
        AssertRefuses(Binary(Proxy, Stream4, new byte[65535])[..16]); // The rest of it is not waited for.
        byte[] signature = Binary(Proxy, Stream4, Addresses4);
        signature[11]++;
        AssertRefuses(signature);
    }

    [Fact]
    public void What_is_written_of_any_addresses_and_ports_is_read_and_more_is_waited_for_until_then() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            Address.ToArbitrary(),
            Gen.Choose(0, 65535).ToArbitrary(),
            Byte.ArrayOf().ToArbitrary(),
            (IPAddress client, int port, byte[] behind) =>
            {
                byte[] bytes = client.GetAddressBytes();
                bool is4 = bytes.Length == 4;
                byte[] line = Bytes($"PROXY {(is4 ? "TCP4" : "TCP6")} {client} {(is4 ? "198.51.100.1" : "2001:db8::2")} {port} {65535 - port}\r\n");
                byte[] addresses = [.. bytes, .. new byte[bytes.Length + 2 + 2]];
                byte[][] headers =
                [
                    line, Bytes("PROXY UNKNOWN\r\n"), Binary(Proxy, is4 ? Stream4 : Stream6, addresses),
                    Binary(Proxy, is4 ? Stream4 : Stream6, [.. addresses, .. behind.Take(100)]), Binary(Local, 0, [.. behind.Take(100)]),
                ];
                foreach ((int i, byte[] header) in headers.Index())
                {
                    string? expected = i is 1 or 4 ? null : client.ToString();
                    Assert.Equal((ParseStatus.Complete, header.Length, expected), Read([.. header, .. behind]));
                    for (int length = 0; length < header.Length; length++)
                    {
                        Assert.Equal((i, length, ParseStatus.Incomplete), (i, length, Read(header[..length]).Status));
                    }
                }
            }));

    [Fact]
    public void No_bytes_make_it_throw_or_read_beyond_them()
    {
        byte[][] samples =
        [
            [], Bytes("PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"), Bytes("PROXY TCP6 2001:db8::1 ::1 1 65535\r\n"),
            Bytes("PROXY UNKNOWN\r\n"), Binary(Proxy, Stream4, Addresses4), Binary(Proxy, Stream6, Addresses6),
        ];
        Gen<(int Place, byte Value)> change = Gen.Choose(0, 60).SelectMany(place => Byte.Select(value => (place, value)));
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(20_000),
            Prop.ForAll(
                Gen.Elements(samples).ToArbitrary(), change.ArrayOf().ToArbitrary(), Byte.ArrayOf().ToArbitrary(),
                (byte[] sample, (int Place, byte Value)[] changes, byte[] behind) =>
                {
                    byte[] bytes = [.. sample, .. behind];
                    foreach ((int place, byte value) in changes.Take(3).Where(one => one.Place < bytes.Length))
                    {
                        bytes[place] = value;
                    }

                    (ParseStatus status, int length, _) = Read(bytes);
                    return status != ParseStatus.Complete || (length > 0 && length <= bytes.Length);
                }));
    }

    private static void AssertReads(byte[] header, string? client)
    {
        Assert.Equal((ParseStatus.Complete, header.Length, client), Read(header));
        Assert.Equal((ParseStatus.Complete, header.Length, client), Read([.. header, .. "GET / HTTP/1.1\r\n"u8]));
        Assert.All(Enumerable.Range(0, header.Length), length => Assert.Equal(ParseStatus.Incomplete, Read(header[..length]).Status));
    }

    private static void AssertRefuses(byte[] bytes)
    {
        (ParseStatus status, _, string? client) = Read(bytes);
        Assert.Equal(ParseStatus.Rejected, status);
        Assert.Null(client);
    }

    private static (ParseStatus Status, int Length, string? Client) Read(byte[] bytes)
    {
        ParseStatus status = ProxyProtocol.Read(bytes, out int length, out IPAddress? client);
        return (status, length, status == ParseStatus.Complete ? client?.ToString() : null);
    }

    /// <summary>A header of version 2.</summary>
    private static byte[] Binary(byte command, byte family, ReadOnlySpan<byte> rest)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)rest.Length);
        return [.. "\r\n\r\n\0\r\nQUIT\n"u8, command, family, .. length, .. rest];
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);
}
