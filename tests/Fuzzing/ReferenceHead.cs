using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace AotServe.Fuzzing;

/// <summary>The head of a message for <see cref="ReferenceReader"/>.</summary>
internal static partial class ReferenceHead
{
    private const int LongestRequestLine = 8 * 1024;
    private const int LargestSection = 32 * 1024;
    private const int MostLines = 100;

    /// <summary>The message as far as its head tells: whole means that the head is.</summary>
    public static ReferenceMessage Read(string text)
    {
        int at = text.StartsWith("\r\n", StringComparison.Ordinal) ? 2 : 0;
        string method = MethodPattern().Match(text[at..]).Groups["method"].Value;
        Flaws flaws = Flaws.None;
        List<string> lines = [];
        int start = at;
        while (true)
        {
            int end = text.IndexOf('\n', at);
            if (end < 0)
            {
                return Unfinished(text[at..], lines.Count == 0, flaws, method);
            }

            bool returns = end > at && text[end - 1] == '\r';
            string line = text[at..(returns ? end - 1 : end)];
            if (!returns)
            {
                flaws |= Flaws.BareLineFeed;
            }

            at = end + 1;
            if (line.Length == 0 && lines.Count > 0)
            {
                break;
            }

            if (lines.Count == 0 ? line.Length > LongestRequestLine : at - start - lines[0].Length - 2 > LargestSection)
            {
                flaws |= Flaws.TooLarge;
            }

            flaws |= lines.Count == 0 ? Flaws.None : FlawsOfField(line);
            lines.Add(line);
            if (lines.Count > MostLines + 1)
            {
                flaws |= Flaws.TooLarge;
            }

            if (lines.Count == 1 && FlawsOfRequestLine(line) is not Flaws.None and var flaw)
            {
                flaws |= flaw;
            }
        }

        var message = new ReferenceMessage(ReferenceVerdict.Whole, flaws) { Method = method, HeadLength = at };
        message = Conclude(message, lines);
        return message.Flaws == Flaws.None ? message : message with { Verdict = ReferenceVerdict.Refused, HeadLength = 0 };
    }

    private static ReferenceMessage Unfinished(string line, bool isFirst, Flaws flaws, string method)
    {
        if (line.Length > (isFirst ? LongestRequestLine + 1 : LargestSection))
        {
            flaws |= Flaws.TooLarge;
        }

        ReferenceVerdict verdict = flaws == Flaws.None ? ReferenceVerdict.Unfinished : ReferenceVerdict.Refused;
        return new(verdict, flaws) { Method = method };
    }

    private static Flaws FlawsOfRequestLine(string line)
    {
        Match match = RequestLinePattern().Match(line);
        if (!match.Success)
        {
            return Flaws.RequestLine;
        }

        if (match.Groups["major"].Value != "1")
        {
            return Flaws.MajorVersion;
        }

        string target = match.Groups["target"].Value;
        string method = match.Groups["method"].Value;
        bool fits = method == "CONNECT"
            ? IsHost(target) && PortPattern().IsMatch(target)
            : target == "*" ? method == "OPTIONS"
            : !target.Contains('#') && !target.Split('?')[0].Contains('\\')
                && (target[0] == '/' || (AbsolutePattern().Match(target) is { Success: true } absolute
                    && IsHost(absolute.Groups["authority"].Value)));
        return fits ? Flaws.None : Flaws.Target;
    }

    private static Flaws FlawsOfField(string line) =>
        FieldPattern().IsMatch(line) ? Flaws.None
        : line.Length > 0 && line[0] is ' ' or '\t' ? Flaws.Folded
        : SpacedFieldPattern().IsMatch(line) ? Flaws.SpaceBeforeColon
        : Flaws.FieldLine;

    /// <summary>What the fields say together.</summary>
    private static ReferenceMessage Conclude(ReferenceMessage message, List<string> lines)
    {
        Match first = RequestLinePattern().Match(lines[0]);
        Flaws flaws = message.Flaws;
        if (!first.Success)
        {
            return message;
        }

        bool isHttp10 = first.Groups["minor"].Value == "0";
        (string Name, string Value)[] fields =
            [.. lines.Skip(1).Select(line => FieldPattern().Match(line)).Where(match => match.Success)
                .Select(match => (match.Groups["name"].Value, match.Groups["value"].Value.Trim(' ', '\t')))];
        string[] hosts = Values("Host");
        string[] lengths = Values("Content-Length");
        string[] codings = Values("Transfer-Encoding");
        string[] expectations = Elements("Expect");
        string[] options = Elements("Connection");

        if (hosts.Length == 0 && !isHttp10)
        {
            flaws |= Flaws.NoHost;
        }

        if (hosts.Length > 1)
        {
            flaws |= Flaws.SeveralHosts;
        }

        if (hosts.Any(host => !IsHost(host)))
        {
            flaws |= Flaws.Host;
        }

        if (lengths.Length > 1)
        {
            flaws |= Flaws.SeveralLengths;
        }

        long length = 0;
        if (lengths.Any(value => !value.All(char.IsAsciiDigit) || (value.Length > 1 && value[0] == '0')
            || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out length)))
        {
            flaws |= Flaws.Length;
        }

        if (codings.Length > 0 && lengths.Length > 0)
        {
            flaws |= Flaws.LengthAndCoding;
        }

        if (codings.Length > 0 && isHttp10)
        {
            flaws |= Flaws.CodingInHttp10;
        }

        if (codings.Length > 0 && !string.Join(",", codings).Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            flaws |= Flaws.Coding;
        }

        if (!isHttp10 && expectations.Any(value => !value.Equals("100-continue", StringComparison.OrdinalIgnoreCase)))
        {
            flaws |= Flaws.Expectation;
        }

        bool hasContent = codings.Length > 0 || length > 0;
        return message with
        {
            Flaws = flaws,
            Target = first.Groups["target"].Value,
            MinorVersion = isHttp10 ? 0 : 1,
            Fields = fields,
            HasContent = hasContent,
            ContentLength = length,
            Persists = !Has("close") && (!isHttp10 || Has("keep-alive")),
            ExpectsContinue = !isHttp10 && hasContent && expectations.Length > 0,
        };

        string[] Values(string name) =>
            [.. fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(field => field.Value)];

        string[] Elements(string name) =>
            [.. Values(name).SelectMany(value => value.Split(',')).Select(element => element.Trim(' ', '\t')).Where(element => element.Length > 0)];

        bool Has(string option) => options.Any(value => value.Equals(option, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsHost(string text)
    {
        Match match = HostPattern().Match(text);
        if (!match.Success || (match.Groups["port"].Value is { Length: > 0 } port
            && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number > 65535)))
        {
            return false;
        }

        string literal = match.Groups["ipv6"].Value;
        // .NET reads "1" as 0.0.0.1, which is no address between brackets.
        return literal.Length == 0
            || (IPAddress.TryParse(literal, out IPAddress? address) && address.AddressFamily == AddressFamily.InterNetworkV6);
    }

    [GeneratedRegex(@"^(?<method>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)\x20", RegexOptions.CultureInvariant)]
    private static partial Regex MethodPattern();

    [GeneratedRegex(
        @"^(?<method>[!#$%&'*+\-.^_`|~0-9A-Za-z]+)\x20(?<target>[!-~]+)\x20HTTP/(?<major>[0-9])\.(?<minor>[0-9])\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex RequestLinePattern();

    [GeneratedRegex(
        @"^(?<name>[!#$%&'*+\-.^_`|~0-9A-Za-z]+):(?<value>[\t\x20-\x7E\x80-\xFF]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex FieldPattern();

    [GeneratedRegex(@"^[!#$%&'*+\-.^_`|~0-9A-Za-z]+[\x20\t]+:", RegexOptions.CultureInvariant)]
    private static partial Regex SpacedFieldPattern();

    [GeneratedRegex(@"^https?://(?<authority>[^/?]*)([/?].*)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AbsolutePattern();

    [GeneratedRegex(
        @"^(\[(?<ipv6>[0-9A-Fa-f:.]+)\]|\[[vV][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+\]|([A-Za-z0-9\-._~!$&'()*+,;=]|%[0-9A-Fa-f]{2})+)(:(?<port>[0-9]*))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex HostPattern();

    [GeneratedRegex(@":[0-9]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex PortPattern();
}
