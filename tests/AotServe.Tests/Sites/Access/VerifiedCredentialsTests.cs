using System;
using AotServe.Sites.Access;
using Xunit;

namespace AotServe.Tests.Sites.Access;

/// <summary>What is remembered of credentials that were right.</summary>
public sealed class VerifiedCredentialsTests
{
    private readonly VerifiedCredentials _verified = new();

    [Fact]
    public void What_was_added_is_known_and_nothing_else()
    {
        Assert.False(_verified.Contains(Code(1), 0));
        _verified.Add(Code(1), 0);
        Assert.True(_verified.Contains(Code(1), 0));
        Assert.False(_verified.Contains(Code(2), 0));
    }

    [Fact]
    public void It_is_forgotten_when_it_was_not_used_for_long_enough()
    {
        _verified.Add(Code(1), 0);
        Assert.True(_verified.Contains(Code(1), VerifiedCredentials.Lifetime));
        Assert.True(_verified.Contains(Code(1), 2 * VerifiedCredentials.Lifetime));
        Assert.False(_verified.Contains(Code(1), 3 * VerifiedCredentials.Lifetime + 1));
    }

    [Fact]
    public void Where_there_is_no_room_the_one_unused_for_longest_goes()
    {
        // The first byte decides on the place, so these are all for the same.
        for (int i = 0; i < 4; i++)
        {
            _verified.Add(Code(i), i);
        }

        Assert.True(_verified.Contains(Code(0), 100_000));
        _verified.Add(Code(4), 100_001);
        Assert.False(_verified.Contains(Code(1), 100_001));
        foreach (int i in new[] { 0, 2, 3, 4 })
        {
            Assert.True(_verified.Contains(Code(i), 100_001));
        }
    }

    [Fact]
    public void Adding_twice_takes_one_place()
    {
        for (int i = 0; i < 100; i++)
        {
            _verified.Add(Code(i % 4), i);
        }

        for (int i = 0; i < 4; i++)
        {
            Assert.True(_verified.Contains(Code(i), 100));
        }
    }

    private static byte[] Code(int number)
    {
        byte[] code = new byte[Sha256.HashLength];
        BitConverter.TryWriteBytes(code.AsSpan(8), number);
        return code;
    }
}
