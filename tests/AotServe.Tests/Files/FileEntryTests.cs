using System;
using AotServe.Files;
using Xunit;

namespace AotServe.Tests.Files;

public sealed class FileEntryTests
{
    private static readonly DateTime Now = new(2024, 2, 29, 12, 30, 15, DateTimeKind.Utc);

    [Theory]
    [InlineData(10, 1, false)]
    [InlineData(30, 1, true)]
    [InlineData(-1_000, 1, false)]
    [InlineData(1_000, 0, false)]
    [InlineData(2_000, 0, false)]
    [InlineData(3_000, 0, true)]
    public void A_file_has_settled_when_the_clock_of_its_file_system_has_ticked(int age, int nanosecond, bool expected)
    {
        FileEntry entry = Changed(age, nanosecond);
        Assert.Equal(expected, entry.IsSettled(Now));
        // The time of the content may have been set to anything.
        Assert.Equal(expected, (entry with { ModifiedSeconds = 1 }).IsSettled(Now));
        Assert.Equal(expected, (entry with { ModifiedSeconds = 1L << 40 }).IsSettled(Now));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(-5, false)]
    public void Where_only_the_time_of_the_content_is_known_that_counts(int age, bool expected) => Assert.Equal(
        expected,
        new FileEntry(FileKind.Regular, 1, (long)(Now - DateTime.UnixEpoch).TotalSeconds - age, 0).IsSettled(Now));

    private static FileEntry Changed(int age, int nanosecond) => new(FileKind.Regular, 1, 5, 5)
    {
        ChangedTotalNanoseconds = ((Now - DateTime.UnixEpoch).Ticks * 100) - (age * 1_000_000L) + nanosecond,
    };
}
