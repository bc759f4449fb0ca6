using System;
using System.Text;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// Turns the path of a request target into the path of a file beneath a root folder. Pure: it uses no file system. It is not the
/// only protection from paths that lead out: <see cref="RootFolder"/> enforces that too.
/// </summary>
/// <remarks>
/// Percent-decoding happens exactly once, before segments are looked at, so <c>%2e%2e</c> is <c>..</c> and
/// <c>%252e</c> is a file name with a percent sign in it. <c>..</c> is resolved by name, as RFC 3986 §5.2.4 does it. An encoded slash
/// is data, not a separator (RFC 3986 §2.2); in the result a NUL stands for it, which no path has otherwise.
/// </remarks>
internal static class RequestPath
{
    /// <summary>
    /// Decodes and normalises <paramref name="path"/>. The result is relative to the root, in segments that are neither
    /// empty nor <c>.</c> nor <c>..</c>, with one slash between two; empty for the root itself.
    /// </summary>
    /// <param name="path">The path of an origin- or absolute-form target, which begins with <c>/</c>.</param>
    /// <param name="destination">Gets the result; as long as the longest target.</param>
    /// <param name="length">
    /// The length of the result. There is one for a malformed path too, for rules that are for all addresses: what is wrong stands for
    /// itself in it.
    /// </param>
    /// <param name="namesFolder">Whether it ends in a slash, <c>.</c> or <c>..</c>, so that it can only be a folder's.</param>
    /// <param name="windowsNames">Whether names that Windows takes for something else are refused.</param>
    public static RequestPathStatus Resolve(
        ReadOnlySpan<byte> path, Span<byte> destination, out int length, out bool namesFolder, bool windowsNames)
    {
        length = 0;
        namesFolder = true;
        if (path.IsEmpty || path[0] != '/')
        {
            return RequestPathStatus.NoFile;
        }

        RequestPathStatus status = RequestPathStatus.Valid;
        bool mayBeFile = true;
        for (int at = 0; at < path.Length;)
        {
            at++;
            int start = length == 0 ? 0 : length + 1;
            int end = start;
            for (; at < path.Length && path[at] != '/'; at++)
            {
                byte octet = path[at];
                if (octet == '%')
                {
                    if (PercentEncoding.TryDecode(path, at, out octet))
                    {
                        at += PercentEncoding.TripletLength - 1;
                    }
                    else
                    {
                        Refuse(ref status, RequestPathStatus.InvalidEncoding);
                        octet = (byte)'%';
                    }
                }

                if (octet == 0)
                {
                    Refuse(ref status, RequestPathStatus.NulByte);
                    octet = (byte)'%';
                }

                if (end >= destination.Length)
                {
                    return RequestPathStatus.NoFile;
                }

                bool isSlash = octet == '/';
                mayBeFile &= !isSlash;
                destination[end++] = isSlash ? PercentEncoding.EncodedSlash : octet;
            }

            ReadOnlySpan<byte> segment = end > start ? destination[start..end] : default;
            namesFolder = segment.IsEmpty || segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8);
            if (!namesFolder)
            {
                if (start > 0)
                {
                    destination[start - 1] = (byte)'/';
                }

                length = end;
            }
            else if (segment.Length == 2)
            {
                if (length == 0)
                {
                    Refuse(ref status, RequestPathStatus.AboveRoot);
                }

                length = Math.Max(0, destination[..length].LastIndexOf((byte)'/'));
            }
        }

        if (status != RequestPathStatus.Valid)
        {
            return status;
        }

        return mayBeFile && length <= RootFolder.LongestPath && MayBeServed(destination[..length], windowsNames)
            ? RequestPathStatus.Valid
            : RequestPathStatus.NoFile;
    }

    /// <summary>Of several faults the first one counts.</summary>
    private static void Refuse(ref RequestPathStatus status, RequestPathStatus fault) =>
        status = status == RequestPathStatus.Valid ? fault : status;

    /// <summary>Whether the file at a path, in the form of the root folder, may appear in a listing.</summary>
    public static bool MayBeListed(ReadOnlySpan<byte> path) => MayBeServed(path, OperatingSystem.IsWindows());

    /// <summary>
    /// Whether no name on the path is that of a dot file: those are not meant to be published (<c>.git</c>, <c>.env</c>,
    /// <c>.htpasswd</c>). The exception is <c>/.well-known/</c> at the root, which RFC 8615 reserves for clients.
    /// </summary>
    public static bool MayBeServed(ReadOnlySpan<byte> path, bool windowsNames)
    {
        for (int start = 0; start < path.Length;)
        {
            ReadOnlySpan<byte> segment = path[start..];
            int slash = segment.IndexOf((byte)'/');
            if (slash >= 0)
            {
                segment = segment[..slash];
            }

            if (NameFolding.BeginsWithDot(segment) && !(start == 0 && segment.SequenceEqual(".well-known"u8)))
            {
                return false;
            }

            if (windowsNames && !IsPlainOnWindows(segment))
            {
                return false;
            }

            start += segment.Length + 1;
        }

        return true;
    }

    /// <summary>
    /// Whether Windows takes the name literally: no separator or stream in it, no trailing dot or space (Windows drops them, and
    /// finds another file), no device, and no <c>~1</c> of a generated 8.3 name, which could be a second name of a dot file.
    /// </summary>
    private static bool IsPlainOnWindows(ReadOnlySpan<byte> segment)
    {
        if (segment.IndexOfAny("\\:*?\"<>|"u8) >= 0 || segment.IndexOfAnyInRange((byte)0, (byte)31) >= 0)
        {
            return false;
        }

        if (segment[^1] is (byte)'.' or (byte)' ')
        {
            return false;
        }

        for (int i = 1; i < segment.Length; i++)
        {
            if (segment[i - 1] == '~' && char.IsAsciiDigit((char)segment[i]))
            {
                return false;
            }
        }

        int dot = segment.IndexOf((byte)'.');
        return !IsWindowsDevice((dot < 0 ? segment : segment[..dot]).TrimEnd((byte)' '));
    }

    private static bool IsWindowsDevice(ReadOnlySpan<byte> stem) => stem.Length switch
    {
        3 => Ascii.EqualsIgnoreCase(stem, "con"u8) || Ascii.EqualsIgnoreCase(stem, "prn"u8)
            || Ascii.EqualsIgnoreCase(stem, "aux"u8) || Ascii.EqualsIgnoreCase(stem, "nul"u8),
        // COM1 and LPT1, and with the superscript digits of Latin-1, which take two bytes in UTF-8.
        4 => char.IsAsciiDigit((char)stem[3]) && IsPort(stem[..3]),
        5 => stem[3] == 0xC2 && (stem[4] is 0xB9 or 0xB2 or 0xB3) && IsPort(stem[..3]),
        6 => Ascii.EqualsIgnoreCase(stem, "conin$"u8),
        7 => Ascii.EqualsIgnoreCase(stem, "conout$"u8),
        _ => false,
    };

    private static bool IsPort(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "com"u8) || Ascii.EqualsIgnoreCase(name, "lpt"u8);
}
