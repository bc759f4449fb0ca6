using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Cli;

/// <summary>
/// The literals that <c>--bind</c> takes: IPv4 as four decimal numbers, IPv6 with or without brackets, with a scope
/// (<c>fe80::1%2</c>) or without. Names are not looked up, because a static executable cannot.
/// </summary>
internal static class BindAddress
{
    /// <summary>No literal is longer: an IPv6 address, a scope, brackets.</summary>
    private const int LongestLiteral = 128;

    /// <summary>What a right address is.</summary>
    public const string Expected = "an IPv4 or IPv6 address such as 127.0.0.1 or ::1";

    /// <summary>Parses a literal. An IPv4 address written as IPv6 (<c>::ffff:127.0.0.1</c>) comes out as IPv4.</summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out IPAddress? address, [NotNullWhen(false)] out string? error)
    {
        address = ParseIPv4(text) ?? ParseIPv6(text);
        if (address is not null)
        {
            error = null;
            return true;
        }

        if (text.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            error = "is a name, and names are not looked up; use 127.0.0.1 or ::1"u8.Text();
        }
        else if (text.LastIndexOf(':') is > 0 and int colon
            && Numeral.TryRead(text.AsSpan(colon + 1), 0, IPEndPoint.MaxPort, out _)
            && (ParseIPv4(text.AsSpan(0, colon)) is not null || (text[0] == '[' && ParseIPv6(text[..colon]) is not null)))
        {
            error = "is an address and a port; give the address alone, and the port with --port"u8.Text();
        }
        else
        {
            error = "is not " + Expected;
        }

        return false;
    }

    /// <summary>
    /// Dotted quads only. <see cref="IPAddress.TryParse(string, out IPAddress)"/> takes <c>127.1</c>, <c>0x7f.1</c> and
    /// <c>010.0.0.1</c> (octal), which other programs read as other addresses.
    /// </summary>
    private static IPAddress? ParseIPv4(ReadOnlySpan<char> text)
    {
        Span<byte> bytes = stackalloc byte[4];
        for (int i = 0; i < bytes.Length; i++)
        {
            int end = i == bytes.Length - 1 ? text.Length : text.IndexOf('.');
            if (end < 0 || (end > 1 && text[0] == '0') || !Numeral.TryRead(text[..end], 0, byte.MaxValue, out long number))
            {
                return null;
            }

            bytes[i] = (byte)number;
            text = text[Math.Min(end + 1, text.Length)..];
        }

        return new IPAddress(bytes);
    }

    private static IPAddress? ParseIPv6(string text)
    {
        ReadOnlySpan<char> literal = text is ['[', .., ']'] ? text.AsSpan(1, text.Length - 2) : text;

        // The platform's parser also takes a prefix length and, after brackets, a port, and ignores both.
        if (literal.Length > LongestLiteral || literal.IndexOfAny("[]/") >= 0
            || !IPAddress.TryParse(literal, out IPAddress? address) || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        // It also ignores a scope that names no interface.
        bool scopeLost = literal.Contains('%') && address.ScopeId == 0;
        return scopeLost ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
