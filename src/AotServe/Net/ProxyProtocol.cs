using System;
using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AotServe.Http;

namespace AotServe.Net;

/// <summary>
/// What a proxy says of its client at the beginning of a connection: the PROXY protocol, versions 1 and 2, as HAProxy specifies it
/// (proxy-protocol.txt). Immutable functions; any thread may call.
/// </summary>
internal static class ProxyProtocol
{
    /// <summary>The longest header of version 1, with its line end: the specification's own figure.</summary>
    private const int LongestLine = 107;

    /// <summary>The longest header of version 2. Own choice: addresses take at most 216 bytes; the rest is about TLS, and is skipped.</summary>
    private const int LongestBinary = 4096;

    private const int FixedPart = 16;

    private const int LocalCommand = 0;
    private const int ProxyCommand = 1;

    private const int IPv4Family = 1;
    private const int IPv6Family = 2;
    private const int UnixFamily = 3;

    private static ReadOnlySpan<byte> LineStart => "PROXY "u8;

    private static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">The first bytes of a connection.</param>
    /// <param name="length">How many of them are the header, where it is complete.</param>
    /// <param name="client">The client's address; null: the connection is the proxy's own, or the proxy does not know.</param>
    /// <returns>Rejected: it is no such header, or a wrong one.</returns>
    public static ParseStatus Read(ReadOnlySpan<byte> bytes, out int length, out IPAddress? client)
    {
        length = 0;
        client = null;
        if (StartsLike(bytes, Signature))
        {
            return bytes.Length < FixedPart ? ParseStatus.Incomplete : ReadBinary(bytes, out length, out client);
        }

        if (!StartsLike(bytes, LineStart))
        {
            return ParseStatus.Rejected;
        }

        int end = bytes[..Math.Min(bytes.Length, LongestLine)].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return bytes.Length < LongestLine ? ParseStatus.Incomplete : ParseStatus.Rejected;
        }

        length = end + 2;
        return TryReadLine(bytes[LineStart.Length..end], out client) ? ParseStatus.Complete : ParseStatus.Rejected;
    }

    /// <summary>Receives no more than a header, where TLS begins behind it.</summary>
    /// <param name="socket">Non-blocking.</param>
    /// <param name="received">Gets the bytes.</param>
    /// <returns>Continue: there are more bytes. Wait: there are none. Close: the proxy has ended its side.</returns>
    public static ConnectionStep Receive(Socket socket, ref ReceivedBytes received)
    {
        Span<byte> room = received.MakeRoom();
        int count = socket.Receive(room, SocketFlags.Peek, out SocketError error);
        if (error == SocketError.Success && count > 0)
        {
            ReadOnlySpan<byte> bytes = received.Buffer.AsSpan(received.Start, received.End - received.Start + count);
            if (Read(bytes, out int length, out _) == ParseStatus.Complete)
            {
                count = length - received.Unused.Length;
            }

            count = socket.Receive(room[..count], SocketFlags.None, out error);
        }

        if (error == SocketError.WouldBlock)
        {
            return ConnectionStep.Wait;
        }

        if (error != SocketError.Success || count == 0)
        {
            return ConnectionStep.Close;
        }

        received.Add(count, mayBeMore: true);
        return ConnectionStep.Continue;
    }

    /// <summary>Whether all the bytes that are there may belong to something that starts so.</summary>
    private static bool StartsLike(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> start)
    {
        int common = Math.Min(bytes.Length, start.Length);
        return bytes[..common].SequenceEqual(start[..common]);
    }

    /// <summary>Reads <c>TCP4 192.0.2.1 198.51.100.1 56324 443</c>, or what begins with <c>UNKNOWN</c>.</summary>
    private static bool TryReadLine(ReadOnlySpan<byte> line, out IPAddress? client)
    {
        client = null;
        if (line.SequenceEqual("UNKNOWN"u8) || line.StartsWith("UNKNOWN "u8))
        {
            return true;
        }

        Span<char> text = stackalloc char[LongestLine];
        Span<Range> fields = stackalloc Range[6];
        bool isIPv6 = line.StartsWith("TCP6 "u8);
        return Ascii.ToUtf16(line, text, out int length) == OperationStatus.Done && MemoryExtensions.Split(text[..length], fields, ' ') == 5
            && (isIPv6 || line.StartsWith("TCP4 "u8))
            && TryReadAddress(line[fields[1]], isIPv6, out client)
            && TryReadAddress(line[fields[2]], isIPv6, out _)
            && IsPort(line[fields[3]]) && IsPort(line[fields[4]]);
    }

    private static bool TryReadAddress(ReadOnlySpan<byte> text, bool isIPv6, out IPAddress? address) =>
        AddressText.TryParse(text, out address) && text.Contains((byte)':') == isIPv6 && !text.Contains((byte)'%');

    private static bool IsPort(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= 5 && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && (text[0] != '0' || text.Length == 1)
        && int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) <= IPEndPoint.MaxPort;

    private static ParseStatus ReadBinary(ReadOnlySpan<byte> bytes, out int length, out IPAddress? client)
    {
        client = null;
        int version = bytes[12] >> 4;
        int command = bytes[12] & 0xF;
        int family = bytes[13] >> 4;
        int protocol = bytes[13] & 0xF;
        int rest = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        length = FixedPart + rest;
        int least = family switch { IPv4Family => 12, IPv6Family => 36, UnixFamily => 216, _ => 0 };

        // 1 is a stream, and 0 is nothing in particular. A datagram is no connection.
        bool isKnown = command == LocalCommand || (command == ProxyCommand && family <= UnixFamily && protocol <= 1 && rest >= least);
        if (version != 2 || !isKnown || length > LongestBinary)
        {
            return ParseStatus.Rejected;
        }

        if (bytes.Length < length)
        {
            return ParseStatus.Incomplete;
        }

        if (command == ProxyCommand && family is IPv4Family or IPv6Family)
        {
            client = new IPAddress(bytes.Slice(FixedPart, family == IPv4Family ? 4 : 16));
        }

        return ParseStatus.Complete;
    }
}
