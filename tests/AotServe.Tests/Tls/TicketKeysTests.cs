using System;
using System.Linq;
using AotServe.Native;
using AotServe.Tls;
using Xunit;

namespace AotServe.Tests.Tls;

/// <summary>The keys of tickets: made anew daily, known for another day, and handed to a successor.</summary>
public sealed class TicketKeysTests
{
    private const long Day = 24 * 60 * 60 * 1000;

    [Fact]
    public void A_key_makes_tickets_for_a_day_and_opens_them_for_another()
    {
        var keys = new TicketKeys(0);
        byte[] first = NameOf(keys.Newest);

        keys.Rotate(Day - 1);
        Assert.Equal(first, NameOf(keys.Newest));
        keys.Rotate(Day);
        Assert.NotEqual(first, NameOf(keys.Newest));
        Assert.NotNull(keys.Find(first));
        keys.Rotate(2 * Day);
        Assert.Null(keys.Find(first));
    }

    [Fact]
    public void A_key_that_was_not_looked_at_for_two_days_is_forgotten()
    {
        var keys = new TicketKeys(0);
        byte[] first = NameOf(keys.Newest);
        keys.Rotate(2 * Day);
        Assert.Null(keys.Find(first));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_successor_goes_on_with_them_and_with_their_age(bool hasPrevious)
    {
        var keys = new TicketKeys(0);
        byte[] first = NameOf(keys.Newest);
        if (hasPrevious)
        {
            keys.Rotate(Day);
        }

        byte[] bytes = new byte[TicketKeys.LongestHandover];
        long now = hasPrevious ? Day + 1000 : 1000;
        int length = keys.Write(now, bytes);
        Assert.True(TicketKeys.TryRead(bytes.AsSpan(0, length), 500_000, out TicketKeys? other));

        Assert.NotNull(other.Find(first));
        byte[] newest = NameOf(other.Newest);
        Assert.Equal(NameOf(keys.Newest), newest);
        other.Rotate(500_000 + Day - 1001);
        Assert.Equal(newest, NameOf(other.Newest));
        other.Rotate(500_000 + Day - 1000);
        Assert.NotEqual(newest, NameOf(other.Newest));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(400)]
    public void What_is_something_else_is_refused(int length) => Assert.False(TicketKeys.TryRead(new byte[length], 0, out _));

    [Fact]
    public void A_negative_age_is_refused() =>
        Assert.False(TicketKeys.TryRead(Enumerable.Repeat((byte)0xFF, sizeof(long) + SslTicketKey.Length).ToArray(), 0, out _));

    private static byte[] NameOf(SslTicketKey key) => key.Secret[..SslCallbacks.TicketNameLength].ToArray();
}
