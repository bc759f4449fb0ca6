using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading;
using AotServe.Observation;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>A ring of lines: what fits comes out as it went in, and what does not is dropped and counted.</summary>
public sealed class LogRingTests
{
    /// <summary>A step of a model run: adds a line of so many bytes, or takes up to so many.</summary>
    private static readonly Gen<(bool IsAdd, int Bytes)> Step = Gen.Frequency(
        (3, Gen.Choose(1, LogRing.Size / 3).Select(length => (true, length))),
        (1, Gen.Choose(LogRing.Size - 2, LogRing.Size + 2).Select(length => (true, length))),
        (3, Gen.Choose(0, LogRing.Size).Select(length => (false, length))));

    [Fact]
    public void Random_adds_and_takes_are_those_of_a_queue_of_bytes() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(Step.ListOf().Select(steps => steps.ToArray()).ToArbitrary(), steps =>
        {
            var ring = new LogRing();
            var model = new Queue<byte>();
            (long Lines, long Dropped) counts = default;
            byte next = 0;
            foreach ((bool isAdd, int bytes) in steps)
            {
                if (isAdd)
                {
                    byte[] line = [.. Enumerable.Range(next++, bytes).Select(value => (byte)value)];
                    bool fits = bytes <= LogRing.Size - model.Count;
                    Assert.Equal(fits, ring.Add(line));
                    counts = fits ? (counts.Lines + 1, counts.Dropped) : (counts.Lines, counts.Dropped + 1);
                    Array.ForEach(fits ? line : [], model.Enqueue);
                }
                else
                {
                    ReadOnlySpan<byte> oldest = ring.Oldest();
                    Assert.True(oldest.Length > 0 || model.Count == 0);
                    int taken = Math.Min(bytes, oldest.Length);
                    AssertEqual(model, oldest[..taken]);
                    ring.Take(taken);
                }

                Assert.Equal((model.Count, counts.Lines, counts.Dropped), (ring.Length, ring.Lines, ring.Dropped));
                Assert.Equal(model.Count > LogRing.Size / 4, ring.IsUrgent);
            }

            while (ring.Oldest() is { IsEmpty: false } rest)
            {
                AssertEqual(model, rest);
                ring.Take(rest.Length);
            }

            Assert.Empty(model);
        }));

    [Fact]
    public void A_line_across_the_end_of_the_ring_is_whole()
    {
        var ring = new LogRing();
        Assert.True(ring.Add(new byte[LogRing.Size - 3]));
        ring.Take(LogRing.Size - 3);
        Assert.True(ring.Add("seven.\n"u8));

        Assert.Equal("sev", Encoding.ASCII.GetString(ring.Oldest()));
        ring.Take(3);
        Assert.Equal("en.\n", Encoding.ASCII.GetString(ring.Oldest()));
    }

    [Fact]
    public void What_does_not_fit_is_dropped_whole_and_counted_and_a_shorter_line_still_fits()
    {
        var ring = new LogRing();
        Assert.True(ring.Add(new byte[LogRing.Size - 2]));
        Assert.False(ring.Add("abc"u8));
        Assert.True(ring.Add("ab"u8));
        Assert.False(ring.Add("a"u8));
        ring.Drop();

        Assert.Equal((2, 3, LogRing.Size), (ring.Lines, ring.Dropped, ring.Length));
        ring.Take(LogRing.Size - 2);
        Assert.Equal("ab", Encoding.ASCII.GetString(ring.Oldest()));
    }

    [Fact]
    public void Lines_that_one_thread_adds_and_another_takes_are_neither_lost_nor_doubled_nor_torn()
    {
        const int Lines = 100_000;
        var ring = new LogRing();
        var received = new StringBuilder();
        Threads.RunAll(2, number =>
        {
            if (number == 0)
            {
                for (int i = 0; i < Lines; i++)
                {
                    byte[] line = Line(i);
                    Eventually.HoldsSoon(() => ring.Length <= LogRing.Size - line.Length, "there is room");
                    Assert.True(ring.Add(line));
                }

                return;
            }

            while (ring.Lines < Lines || ring.Length > 0)
            {
                // Odd lengths, so that the takes end within lines, too.
                ReadOnlySpan<byte> oldest = ring.Oldest();
                int count = Math.Min(oldest.Length, 7_777);
                received.Append(Encoding.ASCII.GetString(oldest[..count]));
                ring.Take(count);
                if (count == 0)
                {
                    Thread.Yield();
                }
            }
        });

        Assert.Equal(0, ring.Dropped);
        string[] lines = received.ToString().Split('\n');
        Assert.Equal(Lines + 1, lines.Length);
        for (int i = 0; i < Lines; i++)
        {
            Assert.Equal(Encoding.ASCII.GetString(Line(i)), lines[i] + "\n");
        }
    }

    private static byte[] Line(int number) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number} {new string((char)('a' + (number % 26)), number % 97)}\n"));

    private static void AssertEqual(Queue<byte> model, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (model.Dequeue() != value)
            {
                Assert.Fail("Bytes came out in another order than they went in.");
            }
        }
    }
}
