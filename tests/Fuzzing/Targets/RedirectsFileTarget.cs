using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using AotServe.Http;
using AotServe.Sites.Paths;
using AotServe.Sites.Rules;

namespace AotServe.Fuzzing;

/// <summary>A <c>_redirects</c> file and a target: where it leads, and that no request chooses the host.</summary>
internal static class RedirectsFileTarget
{
    public static void Run(ReadOnlySpan<byte> input)
    {
        var path = new ResolvedPath(new byte[ResolvedPath.BufferLength]);
        if (!RuleInput.TrySplit(input, out ReadOnlySpan<byte> file, ref path, out ReadOnlySpan<byte> query)
            || query.Length > HttpLimits.RequestLine)
        {
            return; // No request has a query as long as that.
        }

        if (!RedirectsReader.TryRead(file, out RedirectRules? rules, out string? error))
        {
            RuleInput.CheckError(error);
            return;
        }

        byte[] asked = query.ToArray();
        string requested = Encoding.Latin1.GetString(path.WithSlash);
        List<string> lines = RuleInput.Lines(file);
        List<string> matching = [.. lines.Where(line => ReferencePattern.IsMatch(line.Split(' ', '\t')[0], requested))];
        foreach (bool forcedOnly in (bool[])[false, true])
        {
            var output = new OutputBuffer(256);
            var result = new ResolvedPath(new byte[ResolvedPath.BufferLength]);
            result.Resolve(Encoding.Latin1.GetBytes("/" + string.Concat(requested.Select(c => $"%{(int)c:X2}")).Replace("%2F", "/", StringComparison.Ordinal)));
            RedirectOutcome outcome = rules?.Apply(ref result, asked, forcedOnly, RuleInput.Respond(output)) ?? RedirectOutcome.None;
            FuzzFinding.Unless(outcome == RedirectOutcome.None || matching.Count > 0, $"{outcome}, and no rule is for the path");
            FuzzFinding.Unless(
                !forcedOnly || outcome == RedirectOutcome.None || matching.Any(line => line.TrimEnd().EndsWith('!')),
                $"{outcome}, and no rule for the path is forced");

            // One that is for every query, and leads to another site, is always followed, unless one before it is.
            FuzzFinding.Unless(
                forcedOnly || outcome != RedirectOutcome.None || !matching.Exists(LeadsElsewhere), "a rule that matches did not apply");
            if (outcome == RedirectOutcome.Answered)
            {
                CheckLocation(RuleInput.Fields(output), lines);
            }
        }
    }

    private static bool LeadsElsewhere(string line) => RedirectTarget.OriginLength(Encoding.Latin1.GetBytes(
        line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1])) > 0;

    private static void CheckLocation(List<string> fields, List<string> lines)
    {
        string location = fields.Single(line => line.StartsWith("Location: ", StringComparison.Ordinal))["Location: ".Length..];
        FuzzFinding.Unless(!location.AsSpan().ContainsAnyExceptInRange('!', '~'), $"not what a URL may hold: {location}");
        int origin = RedirectTarget.OriginLength(Encoding.Latin1.GetBytes(location));
        FuzzFinding.Unless(
            origin > 0
                ? lines.Exists(line => line.Contains(location[..origin], StringComparison.Ordinal))
                : location.StartsWith('/') && (location.Length == 1 || location[1] is not ('/' or '\\')),
            $"the host is not one that a rule names: {location}");
    }
}
