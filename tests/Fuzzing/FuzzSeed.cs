using System;
using System.Globalization;

namespace AotServe.Fuzzing;

/// <summary>
/// Where the random inputs of a run come from. One seed is always the same; the other is this run's own: what
/// <c>AOTSERVE_FUZZ_SEED</c> says, so that a run can be had again, or any.
/// </summary>
internal static class FuzzSeed
{
    /// <summary>The variable of the environment that holds the seed of a run.</summary>
    public const string Variable = "AOTSERVE_FUZZ_SEED";

    /// <summary>The seed that every run goes through.</summary>
    public const int Fixed = 20260101;

    /// <summary>The seed of this run.</summary>
    public static int OfThisRun { get; } =
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } text
            ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)
            : Random.Shared.Next();

    /// <summary>How to have a failing run again.</summary>
    public static string Replay(int seed) =>
        seed == Fixed ? $"Seed {seed} (the fixed one)" : $"Seed {seed}; again with {Variable}={seed}";
}
