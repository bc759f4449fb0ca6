using System;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using AotServe.Net;

namespace AotServe.Cli;

/// <summary>The form of an <see cref="AddressRange"/> on the command line: <c>127.0.0.1</c>, <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>.</summary>
internal static class AddressRangeText
{
    /// <summary>
    /// Reads an address as <see cref="BindAddress"/> takes it, without brackets, and after a slash a number of bits. False: it is none,
    /// or bits behind those are set.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRange? range)
    {
        range = null;
        int slash = text.IndexOf('/');
        string literal = slash < 0 ? text : text[..slash];
        if (literal.StartsWith('[') || !BindAddress.TryParse(literal, out IPAddress? address, out _))
        {
            return false;
        }

        long bits = AddressRange.BitsOf(address);
        return (slash < 0 || Numeral.TryRead(text.AsSpan(slash + 1), 0, bits, out bits)) && AddressRange.TryCreate(address, (int)bits, out range);
    }
}
