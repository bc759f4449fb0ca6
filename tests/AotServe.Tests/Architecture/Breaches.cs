using System.Collections.Generic;
using Xunit;

namespace AotServe.Tests.Architecture;

/// <summary>What breaks a rule of the house, as the rules tell it.</summary>
internal static class Breaches
{
    /// <summary>Fails the test if there is any, and says all of them.</summary>
    public static void AssertNone(IEnumerable<string> found)
    {
        string[] all = [.. found];
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
