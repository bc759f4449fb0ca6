using System;
using System.Text;

namespace AotServe.Http;

/// <summary>The request target: its form and its parts (RFC 9112 §3.2).</summary>
internal static class RequestTarget
{
    /// <summary>
    /// Parses the target in <see cref="RequestHead.TargetRange"/>, whose bytes must be visible ASCII. Percent-encodings are
    /// not decoded or checked. Returns false if the target is malformed, or has a form that the method does not allow.
    /// </summary>
    public static bool TryParse(RequestHead head)
    {
        ReadOnlySpan<byte> target = head.Target;
        int start = head.TargetRange.Start;
        if (head.Method == RequestMethod.Connect)
        {
            head.Form = TargetForm.Authority;
            head.AuthorityRange = head.TargetRange;
            return Authority.IsValidWithPort(target);
        }

        if (target[0] == '/')
        {
            head.Form = TargetForm.Origin;
            return TryParsePath(target, start, head);
        }

        if (target.Length == 1 && target[0] == '*')
        {
            head.Form = TargetForm.Asterisk;
            head.PathRange = head.TargetRange;
            return head.Method == RequestMethod.Options;
        }

        int scheme = LengthOfScheme(target);
        if (scheme == 0)
        {
            return false;
        }

        head.Form = TargetForm.Absolute;
        ReadOnlySpan<byte> rest = target[scheme..];
        int length = rest.IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        if (length < 0)
        {
            length = rest.Length;
        }

        head.AuthorityRange = (start + scheme, length);
        // An http URI without a host is invalid (RFC 9110 §4.2.1); one with userinfo is treated as an error (§4.2.4).
        return Authority.IsValid(rest[..length]) && TryParsePath(rest[length..], start + scheme + length, head);
    }

    private static int LengthOfScheme(ReadOnlySpan<byte> target)
    {
        ReadOnlySpan<byte> http = "http://"u8;
        ReadOnlySpan<byte> https = "https://"u8;
        if (target.Length > http.Length && Ascii.EqualsIgnoreCase(target[..http.Length], http))
        {
            return http.Length;
        }

        if (target.Length > https.Length && Ascii.EqualsIgnoreCase(target[..https.Length], https))
        {
            return https.Length;
        }

        return 0;
    }

    /// <summary>Splits path and query. A target has no fragment, so <c>#</c> is an error.</summary>
    private static bool TryParsePath(ReadOnlySpan<byte> text, int start, RequestHead head)
    {
        int end = text.IndexOfAny((byte)'?', (byte)'#');
        // Some parsers take it for a slash. Browsers send it in queries.
        if ((end < 0 ? text : text[..end]).Contains((byte)'\\'))
        {
            return false;
        }

        if (end < 0)
        {
            head.PathRange = (start, text.Length);
            return true;
        }

        head.PathRange = (start, end);
        head.QueryRange = (start + end + 1, text.Length - end - 1);
        return text[end] == '?' && !text[end..].Contains((byte)'#');
    }
}
