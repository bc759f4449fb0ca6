using System;
using System.Collections.Generic;
using System.Linq;
using AotServe.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Buffers;

/// <summary>Whose memory is used again, and when.</summary>
public sealed class SharedBytesPoolTests : IReaders
{
    private const int Length = 10_000;

    private readonly SharedBytesPool _pool;
    private bool _areOver = true;
    private int _notes;

    public SharedBytesPoolTests() => _pool = new SharedBytesPool(new BufferBudget(1 << 30)) { Readers = this };

    [Fact]
    public void A_room_is_little_larger_than_what_is_in_it() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(1, 64 * 1024).ToArbitrary(),
        length => SharedBytesPool.RoomFor(length) is var room && room >= length && room - length < 64 + (length / 8)
            && SharedBytesPool.RoomFor(room) == room));

    [Fact]
    public void What_was_given_up_is_used_again_and_holds_the_new_bytes()
    {
        HashSet<SharedBytes> given = [.. Enumerable.Range(0, 40).Select(i => Share(i))];
        GiveUpAll(given);
        Share(0); // Begins the wait.
        SharedBytes again = _pool.Share([1, 2, 3]);
        Assert.DoesNotContain(again, given);
        SharedBytes[] reused = [.. Enumerable.Range(0, 40).Select(i => Share(100 + i))];
        Assert.Equal(40, reused.Distinct().Count());
        Assert.All(reused, bytes => Assert.Contains(bytes, given));
        Assert.All(reused.Index(), pair => Assert.Equal(Enumerable.Repeat((byte)(100 + pair.Index), Length), pair.Item.Memory.ToArray()));
        Assert.All(reused, bytes => Assert.Equal(XxHash64.Compute(bytes.Memory.Span), bytes.Hash));
        Assert.Equal(0, _pool.TakeLeft());
    }

    [Fact]
    public void As_long_as_somebody_may_read_it_nothing_is_used_again()
    {
        SharedBytes[] given = [.. Enumerable.Range(0, 40).Select(i => Share(i))];
        GiveUpAll(given);
        Share(0);
        Assert.Equal(1, _notes);
        _areOver = false;
        Assert.All(Enumerable.Range(0, 60), i => Assert.DoesNotContain(Share(200), given));
        Assert.All(given.Index(), pair => Assert.Equal((byte)pair.Index, pair.Item.Memory.Span[0]));
        _areOver = true;
        Assert.Contains(Share(200), given);
    }

    [Fact]
    public void What_a_response_keeps_is_left_to_the_collector()
    {
        SharedBytes[] given = [.. Enumerable.Range(0, 40).Select(i => Share(i))];
        Assert.True(given[7].TryKeep());
        GiveUpAll(given);
        Share(0);
        Assert.DoesNotContain(given[7], Enumerable.Range(0, 60).Select(i => Share(200)));
        Assert.Equal(SharedBytesPool.RoomFor(Length), _pool.TakeLeft());
        given[7].Dispose();
    }

    [Fact]
    public void What_waits_for_one_that_takes_long_has_a_bound()
    {
        GiveUpAll([.. Enumerable.Range(0, 40).Select(i => Share(i))]);
        Share(0);
        _areOver = false;
        GiveUpAll([.. Enumerable.Range(0, 1_000).Select(i => Share(i))]);
        Assert.InRange(_pool.TakeLeft(), 1_000 * Length - (1 << 20) - (2 * Length), 1_001L * SharedBytesPool.RoomFor(Length));
    }

    [Fact]
    public void Lengths_that_are_not_asked_for_any_more_do_not_pile_up()
    {
        long left = 0;
        for (int length = 1_000; length < 64_000; length += 500)
        {
            SharedBytes[] some = [.. Enumerable.Range(0, 300_000 / length + 1).Select(_ => _pool.Share(new byte[length]))];
            GiveUpAll(some);
            left += _pool.TakeLeft();
        }

        Assert.True(left > 0, "Something is left to the collector.");
    }

    [Fact]
    public void Where_nobody_knows_who_reads_nothing_is_used_again()
    {
        _pool.Readers = null;
        SharedBytes[] given = [.. Enumerable.Range(0, 40).Select(i => Share(i))];
        GiveUpAll(given);
        Assert.All(Enumerable.Range(0, 100), i => Assert.DoesNotContain(Share(200), given));
        Assert.Equal(40 * SharedBytesPool.RoomFor(Length), _pool.TakeLeft());
    }

    void IReaders.Note(ref int[] turns) => _notes++;

    bool IReaders.AreOver(int[] turns) => _areOver;

    private SharedBytes Share(int value) => _pool.Share(Enumerable.Repeat((byte)value, Length).ToArray());

    private void GiveUpAll(IEnumerable<SharedBytes> given)
    {
        foreach (SharedBytes bytes in given)
        {
            _pool.GiveUp(bytes);
        }
    }
}
