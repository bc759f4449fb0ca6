using System;
using System.Diagnostics.CodeAnalysis;

namespace AotServe.Fuzzing;

/// <summary>What must hold of an input did not.</summary>
internal sealed class FuzzFinding(string message) : Exception(message)
{
    /// <summary>Throws a finding unless <paramref name="holds"/>.</summary>
    public static void Unless([DoesNotReturnIf(false)] bool holds, string message)
    {
        if (!holds)
        {
            throw new FuzzFinding(message);
        }
    }
}
