using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Cli;

/// <summary>
/// The host of <c>--vhost</c>: a name, an IPv4 address, an IPv6 address in brackets, or <c>*.</c> and a name, which
/// matches exactly one more label, as in a certificate.
/// </summary>
internal static class HostPattern
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>
    /// Brings a host to one form: lower case, no dot at its end, an IPv6 address in its canonical form (RFC 5952).
    /// </summary>
    public static bool TryNormalize(
        ReadOnlySpan<char> typed, [NotNullWhen(true)] out string? host, [NotNullWhen(false)] out string? error)
    {
        host = null;
        if (typed[0] == '[')
        {
            if (typed[^1] == ']' && !typed.Contains('%') && IPAddress.TryParse(typed[1..^1], out IPAddress? address)
                && address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                host = $"[{address}]";
                error = null;
                return true;
            }

            error = "begins with no IPv6 address in brackets, such as [::1], without a port"u8.Text();
            return false;
        }

        if (typed.Contains(':'))
        {
            error = "names a host with a port; give the host alone, an IPv6 address in brackets: its port does not matter"u8.Text();
            return false;
        }

        if (typed.ContainsAnyExceptInRange('\0', '\x7f'))
        {
            error = "names a host in letters that HTTP does not carry; give it in its ASCII form (xn--…)"u8.Text();
            return false;
        }

        ReadOnlySpan<char> name = typed[^1] == '.' ? typed[..^1] : typed;
        if (IsName(name.StartsWith("*.") ? name[2..] : name))
        {
            host = name.ToString().ToLowerInvariant();
            error = null;
            return true;
        }

        error = "begins with no host name, such as www.example.org or *.example.org"u8.Text();
        return false;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return false;
        }

        foreach (Range label in name.Split('.'))
        {
            // RFC 952 allows no underscore in a host name, but many in use have one.
            ReadOnlySpan<char> letters = name[label];
            if (letters.Length is 0 or > LongestLabel || letters[0] == '-' || letters[^1] == '-')
            {
                return false;
            }

            foreach (char c in letters)
            {
                if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                {
                    return false;
                }
            }
        }

        return true;
    }
}
