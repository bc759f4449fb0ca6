using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using AotServe.Observation;
using Xunit;

namespace AotServe.Tests.Observation;

/// <summary>Lines of several threads reach their file, whatever becomes of it, and the end never takes long.</summary>
public sealed class AccessLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _reports = new();

    private string FilePath => _folder["access.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_line_is_written_without_waiting_for_others_or_for_the_end()
    {
        using AccessLog log = Open(FilePath);
        LogRing ring = log.AddRing();
        for (int i = 1; i <= 3; i++)
        {
            Add(log, ring, $"line {i}\n");
            Eventually.Holds(() => File.ReadAllLines(FilePath).Length == i, "the line is in the file");
        }

        Assert.Equal(["line 1", "line 2", "line 3"], File.ReadAllLines(FilePath));
    }

    [Fact]
    public void Lines_of_several_threads_all_arrive_whole_and_at_the_end_none_is_left()
    {
        const int Writers = 4, Each = 25_000; // Each ring is gone through three times.
        AccessLog log = Open(FilePath);
        Threads.RunAll(Writers, number => AddAll(log, number, Each));
        log.Dispose();

        AssertAllLines(File.ReadAllLines(FilePath), Writers, Each);
        Assert.Equal((Writers * Each, 0), (log.Lines, log.Dropped));
        Assert.Empty(_reports);
    }

    [Fact]
    public void A_file_that_is_renamed_again_and_again_under_load_loses_no_line()
    {
        const int Writers = 3, Each = 40_000, Renames = 8;
        AccessLog log = Open(FilePath);
        Threads.RunAll(Writers + 1, number =>
        {
            if (number < Writers)
            {
                AddAll(log, number, Each);
                return;
            }

            for (int i = 0; i < Renames; i++)
            {
                Eventually.Holds(() => log.Lines > i * Writers * Each / (2 * Renames), "some lines were added");
                File.Move(FilePath, $"{FilePath}.{i}");
                log.Reopen();
                Eventually.Holds(() => File.Exists(FilePath), "the file was made anew");
            }
        });
        log.Dispose();

        AssertAllLines([.. Directory.GetFiles(_folder.Root).SelectMany(File.ReadAllLines)], Writers, Each);
        Assert.Equal(Renames + 1, Directory.GetFiles(_folder.Root).Length);
        Assert.Empty(_reports);
    }

    [Fact]
    public void A_log_that_never_started_ends()
    {
        var log = new AccessLog(FilePath, _reports.Enqueue, TimeSpan.FromHours(1));
        Assert.Null(log.Open());
        log.Dispose();
        log.Dispose();
    }

    [Fact]
    public void A_fifo_that_nobody_reads_drops_what_does_not_fit_says_so_and_does_not_hold_the_end_up()
    {
        SkipOnWindows();
        _folder.MakeFifo("access.log");
        AccessLog log = Open(FilePath);
        LogRing ring = log.AddRing();
        string line = new string('x', 1_023) + "\n";
        for (int i = 0; i < 520; i++)
        {
            Add(log, ring, line);
        }

        log.Miss(3);
        log.Dispose();
        Assert.Equal((512, 8 + 3), (log.Lines, log.Dropped));
        Assert.Single(_reports, report => report.Contains("takes no lines: nobody reads from it", StringComparison.Ordinal));
        Assert.Single(_reports, report => report.Contains("524288 bytes were left", StringComparison.Ordinal));
        Assert.Equal(11, _reports.Where(report => report.Contains(" lines dropped: ", StringComparison.Ordinal))
            .Sum(report => int.Parse(report.Split(' ')[2], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void A_line_that_a_slow_reader_has_in_part_goes_on_before_any_other()
    {
        SkipOnWindows();
        _folder.MakeFifo("access.log");
        using var reader = new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        using AccessLog log = Open(FilePath);
        LogRing first = log.AddRing();
        LogRing second = log.AddRing();
        string line = new string('l', 200_000) + "\n"; // More than a pipe has room for.
        Add(log, second, line);
        Eventually.Holds(() => !_reports.IsEmpty, "the pipe is full");
        Add(log, first, "short\n");

        byte[] received = new byte[line.Length + 6];
        Threads.RunAll(1, _ => reader.ReadExactly(received));
        Assert.Equal(line + "short\n", Encoding.ASCII.GetString(received));
        Eventually.Holds(() => _reports.Any(report => report.EndsWith("takes lines again", StringComparison.Ordinal)), "it says so");
    }

    [Fact]
    public void A_full_disk_is_reported_once_and_nothing_is_lost_once_there_is_room()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        _folder.Link("access.log", "/dev/full");
        AccessLog log = Open(FilePath);
        LogRing ring = log.AddRing();
        Add(log, ring, "one\n");
        Eventually.Holds(() => !_reports.IsEmpty, "it is reported");
        Add(log, ring, "two\n");
        _folder.SwitchLink("access.log", _folder["room.log"]);
        log.Reopen();
        Eventually.Holds(() => _reports.Count == 2, "it is over");
        log.Dispose();

        Assert.Collection(
            _reports,
            report => Assert.Contains("takes no lines: no space left", report, StringComparison.OrdinalIgnoreCase),
            report => Assert.EndsWith("takes lines again", report, StringComparison.Ordinal));
        Assert.Equal(["one", "two"], File.ReadAllLines(_folder["room.log"]));
    }

    [Fact]
    public void A_disk_that_stays_full_is_reported_once_however_often_it_is_tried()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no /dev/full.");
        AccessLog log = Open("/dev/full");
        LogRing ring = log.AddRing();
        Add(log, ring, "one\n");
        Eventually.Holds(() => !_reports.IsEmpty, "it is reported");
        log.Dispose(); // It tries some fifty times.

        Assert.Equal(2, _reports.Count);
        Assert.Contains("4 bytes were left", _reports.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_made_anew_leaves_the_old_one()
    {
        SkipOnWindows();
        using AccessLog log = Open(FilePath);
        LogRing ring = log.AddRing();
        File.Move(FilePath, _folder["old.log"]);
        _folder.MakeFolder("access.log");
        log.Reopen();
        Eventually.Holds(() => !_reports.IsEmpty, "it is reported");
        Assert.Contains("cannot be opened anew", Assert.Single(_reports), StringComparison.Ordinal);

        Add(log, ring, "still here\n");
        Eventually.Holds(() => File.ReadAllText(_folder["old.log"]) == "still here\n", "the line is in the old file");
    }

    [Theory]
    [InlineData("none/access.log")]
    [InlineData(".")]
    public void What_cannot_be_opened_is_an_error_at_once(string name)
    {
        using var log = new AccessLog(_folder[name], _reports.Enqueue, TimeSpan.Zero);
        Assert.NotNull(log.Open());
    }

    private static void SkipOnWindows() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no FIFOs in folders.");

    private static void Add(AccessLog log, LogRing ring, string line)
    {
        if (ring.Add(Encoding.ASCII.GetBytes(line)))
        {
            log.Added(ring);
        }
    }

    /// <summary>Adds numbered lines of several lengths as the thread that calls, never more than there is room for.</summary>
    private static void AddAll(AccessLog log, int writer, int count)
    {
        LogRing ring = log.AddRing();
        for (int i = 0; i < count; i++)
        {
            Eventually.HoldsSoon(() => ring.Length < LogRing.Size - 200, "there is room");
            Add(log, ring, Line(writer, i));
        }
    }

    private static string Line(int writer, int number) => string.Create(
        CultureInfo.InvariantCulture, $"{writer} {number} {new string((char)('a' + (number % 26)), 20 + (number % 83))}\n");

    private static void AssertAllLines(string[] lines, int writers, int each)
    {
        Assert.Equal(writers * each, lines.Length);
        var all = lines.Select(line => line + "\n").ToHashSet(StringComparer.Ordinal);
        for (int writer = 0; writer < writers; writer++)
        {
            for (int i = 0; i < each; i++)
            {
                Assert.True(all.Contains(Line(writer, i)), Line(writer, i));
            }
        }
    }

    private AccessLog Open(string path)
    {
        var log = new AccessLog(path, _reports.Enqueue, TimeSpan.FromHours(1));
        Assert.Null(log.Open());
        log.Start();
        return log;
    }
}
