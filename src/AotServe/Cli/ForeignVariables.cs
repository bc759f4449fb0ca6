using System;
using System.Collections.Generic;

namespace AotServe.Cli;

/// <summary>
/// Environment variables that begin with <c>AOTSERVE_</c> and do not set an option: those that Kubernetes makes in every pod beside a
/// service of that name, and misspelt ones.
/// </summary>
internal static class ForeignVariables
{
    /// <summary>What all names of ours begin with.</summary>
    public const string Prefix = "AOTSERVE_";

    /// <summary>
    /// Whether a value is what Kubernetes gives to <c>AOTSERVE_PORT</c> where a service is called aotserve
    /// (<c>tcp://10.0.0.1:7878</c>), and not what somebody wanted to set.
    /// </summary>
    public static bool IsServiceLink(string value) => value.StartsWith("tcp://", StringComparison.Ordinal)
        || value.StartsWith("udp://", StringComparison.Ordinal) || value.StartsWith("sctp://", StringComparison.Ordinal);

    /// <summary>Says in a line each what is wrong with names that are none of ours.</summary>
    /// <param name="names">Names that begin with <see cref="Prefix"/>.</param>
    /// <param name="own">Names that are used elsewhere, between two servers of which one replaces the other.</param>
    public static List<string> Describe(List<string> names, ReadOnlySpan<string> own)
    {
        var lines = new List<string>();
        foreach (string name in names)
        {
            if (IsOption(name) || own.Contains(name) || IsOfKubernetes(name))
            {
                continue;
            }

            string spelling = "--" + name[Prefix.Length..].Replace('_', '-').ToLowerInvariant();
            string? nearest = NearMiss.Of(spelling);
            int index = nearest is null ? -1 : OptionTable.IndexOf("--" + nearest);
            lines.Add(index < 0
                ? $"the variable {Quoted.Text(name)}" + " sets nothing; aotserve --help lists the options"u8.Text()
                : $"the variable {Quoted.Text(name)} sets nothing; did you mean {OptionTable.All[index].Variable}?");
        }

        return lines;
    }

    private static bool IsOption(string name)
    {
        foreach (Option option in OptionTable.All)
        {
            if (option.Variable == name)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>AOTSERVE_SERVICE_HOST</c>, <c>AOTSERVE_SERVICE_PORT_HTTP</c>, <c>AOTSERVE_PORT_7878_TCP_ADDR</c>.</summary>
    private static bool IsOfKubernetes(string name) =>
        name.StartsWith("AOTSERVE_SERVICE_", StringComparison.Ordinal)
        || (name.StartsWith("AOTSERVE_PORT_", StringComparison.Ordinal) && char.IsAsciiDigit(name["AOTSERVE_PORT_".Length..].PadRight(1)[0]));
}
