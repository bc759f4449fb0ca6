using System;
using System.Text;

namespace AotServe.Fuzzing;

/// <summary>What one client sends on one connection: heads and bodies, against the plain reading of the RFC.</summary>
internal static class RequestTarget
{
    /// <summary>The longest input: a little more than a connection's buffer.</summary>
    private const int Longest = 20_000;

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length <= Longest)
        {
            StreamComparison.Check(Encoding.Latin1.GetString(input), new Random(input.Length));
        }
    }
}
