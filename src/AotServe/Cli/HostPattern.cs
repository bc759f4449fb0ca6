using System;
using System.Net;
using System.Net.Sockets;

namespace AotServe.Cli;

/// <summary>
/// The host of <c>--vhost</c>: a name, an IPv4 address, an IPv6 address in brackets, or <c>*.</c> and a name, which
/// stands for exactly one more label, as in a certificate.
/// </summary>
internal static class HostPattern
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    /// <summary>
    /// The host in small letters, without a dot at its end, an IPv6 address in its canonical form (RFC 5952); or null and
    /// a error.
    /// </summary>
    public static string? Normalize(ReadOnlySpan<char> typed, ref string? error)
    {
        if (typed[0] == '[')
        {
            if (typed[^1] == ']' && !typed.Contains('%') && IPAddress.TryParse(typed[1..^1], out IPAddress? address)
                && address.AddressFamily == AddressFamily.InterNetworkV6)
            {
                return $"[{address}]";
            }

            error = "begins with no IPv6 address in brackets, such as [::1], without a port";
            return null;
        }

        if (typed.Contains(':'))
        {
            error = "names a host with a port; give the host alone, an IPv6 address in brackets: its port does not matter";
            return null;
        }

        if (typed.ContainsAnyExceptInRange('\0', '\x7f'))
        {
            error = "names a host in letters that HTTP does not carry; give it in its ASCII form (xn--…)";
            return null;
        }

        ReadOnlySpan<char> name = typed[^1] == '.' ? typed[..^1] : typed;
        if (IsName(name.StartsWith("*.") ? name[2..] : name))
        {
            return name.ToString().ToLowerInvariant();
        }

        error = "begins with no host name, such as www.example.org or *.example.org";
        return null;
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > LongestName)
        {
            return false;
        }

        foreach (Range label in name.Split('.'))
        {
            // Underscores stand in no host name by RFC 952, but in many that are in use.
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
