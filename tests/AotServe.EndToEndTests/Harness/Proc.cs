using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace AotServe.EndToEndTests.Harness;

/// <summary>What Linux tells of another process, proc(5).</summary>
internal static class Proc
{
    private const double TicksPerSecond = 100;

    /// <summary>The names of its threads.</summary>
    public static IReadOnlyList<string> ThreadNames(int pid) =>
        [.. Directory.EnumerateDirectories($"/proc/{pid}/task").Select(task => File.ReadAllText(task + "/comm").TrimEnd('\n')).Order(StringComparer.Ordinal)];

    /// <summary>The names of its threads once each has one of its own: until then a thread has that of the thread that started it.</summary>
    public static IReadOnlyList<string> SettledThreadNames(int pid)
    {
        string main = File.ReadAllText($"/proc/{pid}/comm").TrimEnd('\n');
        IReadOnlyList<string> names = [];
        Eventually.Holds(() => (names = ThreadNames(pid)).Count(name => name == main) == 1, "each thread has a name of its own");
        return names;
    }

    /// <summary>Its threads whose name begins so.</summary>
    public static IReadOnlyList<int> ThreadsNamed(int pid, string prefix) =>
        [.. Directory.EnumerateDirectories($"/proc/{pid}/task")
            .Where(task => File.ReadAllText(task + "/comm").StartsWith(prefix, StringComparison.Ordinal))
            .Select(task => int.Parse(Path.GetFileName(task), CultureInfo.InvariantCulture))];

    /// <summary>The processes whose parent it is, those that have ended and that nobody has asked for among them.</summary>
    public static IReadOnlyList<int> Children(int pid) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName)
            .Where(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) && ParentOf(name!) == pid)
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];

    private static int ParentOf(string pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Whether it runs no more; perhaps nobody has asked for its exit code yet.</summary>
    public static bool HasEnded(int pid)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..][0] is 'Z' or 'X';
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Whether a signal has stopped all of its threads.</summary>
    public static bool IsStopped(int pid) => ThreadStatuses(pid).All(status => status["State"][0] == 'T');

    /// <summary>Of each of its threads the fields of its status, the whitespace within a value made one space.</summary>
    public static IReadOnlyList<IReadOnlyDictionary<string, string>> ThreadStatuses(int pid) =>
        [.. Directory.EnumerateDirectories($"/proc/{pid}/task").Select(task => File.ReadLines(task + "/status")
            .Select(line => line.Split(':', 2))
            .ToDictionary(field => field[0], field => string.Join(' ', field[1].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))))];

    /// <summary>Whether its program brought no shared libraries.</summary>
    public static bool IsStatic(int pid) => !File.ReadLines($"/proc/{pid}/maps").Any(line => line.Contains(".so", StringComparison.Ordinal));

    /// <summary>How much of its program file it has written to in memory, bytes: where it still may write, and where it may not any more.</summary>
    public static (long Writable, long ReadOnly) WrittenOfProgram(int pid)
    {
        string program = File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)!.FullName;
        long writable = 0;
        long readOnly = 0;
        bool isProgram = false;
        bool mayWrite = false;
        foreach (string line in File.ReadLines($"/proc/{pid}/smaps"))
        {
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (!words[0].EndsWith(':'))
            {
                isProgram = line.EndsWith(' ' + program, StringComparison.Ordinal);
                mayWrite = words[1][1] == 'w';
            }
            else if (isProgram && words[0] == "Anonymous:") // A copy of the page; dirty is also what of the file is not on the disk yet.
            {
                long bytes = 1024 * long.Parse(words[1], CultureInfo.InvariantCulture);
                (writable, readOnly) = mayWrite ? (writable + bytes, readOnly) : (writable, readOnly + bytes);
            }
        }

        return (writable, readOnly);
    }

    /// <summary>How many sockets it has open.</summary>
    public static int SocketCount(int pid) => Descriptors(pid).Count(target => target.StartsWith("socket:", StringComparison.Ordinal));

    /// <summary>The bytes that each connection to a port over IPv4 was sent and has not acknowledged, or was not sent yet.</summary>
    public static IReadOnlyList<long> SendQueues(int port) =>
        [.. File.ReadLines("/proc/net/tcp").Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[1].EndsWith($":{port:X4}", StringComparison.Ordinal) && fields[3] == "01")
            .Select(fields => long.Parse(fields[4].Split(':')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture))];

    /// <summary>
    /// How many descriptors it has open, but for the one by which the kernel tells of changes: that comes with the first file that is asked for
    /// again, and stays.
    /// </summary>
    public static int DescriptorCount(int pid) => Descriptors(pid).Count(target => target != "anon_inode:inotify");

    /// <summary>The same while its main thread waits: after it has said that it serves, it still looks for the pages of its folder.</summary>
    public static int DescriptorsAtRest(int pid)
    {
        int count = 0;
        Eventually.Holds(
            () =>
            {
                string before = MainThread(pid);
                count = DescriptorCount(pid);
                return before.StartsWith('S') && before == MainThread(pid);
            },
            "the main thread waits");
        return count;
    }

    /// <summary>The state of its main thread, and how often and how long it has run.</summary>
    private static string MainThread(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/task/{pid}/stat");
        return stat[stat.LastIndexOf(')')..][2] + File.ReadAllText($"/proc/{pid}/task/{pid}/schedstat");
    }

    /// <summary>What its open descriptors stand for.</summary>
    public static IReadOnlyList<string> Descriptors(int pid)
    {
        List<string> targets = [];
        foreach (string descriptor in Directory.EnumerateFileSystemEntries($"/proc/{pid}/fd"))
        {
            // One that was closed since it was listed has no target.
            if (new FileInfo(descriptor).LinkTarget is { } target)
            {
                targets.Add(target);
            }
        }

        return targets;
    }

    /// <summary>The processor time that it took so far, in seconds.</summary>
    public static double ProcessorSeconds(int pid)
    {
        string stat = File.ReadAllText($"/proc/{pid}/stat");
        // Fields are counted after the name, which stands in parentheses and may hold anything.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>A number from its limits: how many descriptors it may have open.</summary>
    public static long SoftDescriptorLimit(int pid) =>
        Number(File.ReadLines($"/proc/{pid}/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[3]);

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
