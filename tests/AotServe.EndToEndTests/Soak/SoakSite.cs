using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.IO;
using System.Threading;
using AotServe.EndToEndTests.Harness;

namespace AotServe.EndToEndTests.Soak;

/// <summary>The folder that is served during a soak, whose files and <c>_headers</c> change meanwhile.</summary>
internal sealed class SoakSite
{
    private readonly string _folder;
    private readonly ConcurrentDictionary<(string Target, string Tag), int> _versions = new();
    private int _rules;

    /// <summary>Fills the folder.</summary>
    public SoakSite(string folder)
    {
        _folder = folder;
        Small = [new(folder, "a.txt", 40), new(folder, "b.txt", 200), new(folder, "c.txt", 5_000)];
        Large = new(folder, "large.txt", 130_000);
        ReplaceRules();
    }

    /// <summary>Files that fit in the server's memory.</summary>
    public VersionedFile[] Small { get; }

    /// <summary>One that is sent from disk.</summary>
    public VersionedFile Large { get; }

    /// <summary>Puts the next version of a file in its place.</summary>
    public void Replace(Random random) => Pick(random).Replace(isOld: random.Next(2) == 0);

    /// <summary>Changes <c>_headers</c>; the server reads it when it gets SIGHUP.</summary>
    public void ReplaceRules()
    {
        int rules = Volatile.Read(ref _rules) + 1;
        string fresh = Path.Combine(_folder, "_headers.fresh");
        File.WriteAllText(fresh, string.Create(CultureInfo.InvariantCulture, $"/*\n  X-Rules: {rules}\n"));
        Volatile.Write(ref _rules, rules);
        File.Move(fresh, Path.Combine(_folder, "_headers"), overwrite: true);
    }

    /// <summary>One of the files; the large one seldom.</summary>
    public VersionedFile Pick(Random random) => random.Next(20) == 0 ? Large : Small[random.Next(Small.Length)];

    /// <summary>Checks an answer with all of a file, or with a part of it, and gives the file's entity tag.</summary>
    public string Check(VersionedFile file, Answer answer)
    {
        CheckRules(answer);
        if (answer.Status is not (200 or 206) || answer["ETag"] is not { } tag)
        {
            throw new InvalidDataException($"{file.Target}: {answer.Status} with ETag {answer["ETag"]}");
        }

        long offset = 0L;
        int length = answer.Body.Length;
        if (answer.Status == 206)
        {
            string[] parts = answer["Content-Range"]!.Split(' ', '-', '/');
            offset = long.Parse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture);
            length = int.Parse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture);
            if (long.Parse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture) - offset + 1 != answer.Body.Length)
            {
                throw new InvalidDataException($"{file.Target}: {answer["Content-Range"]} with {answer.Body.Length} bytes");
            }
        }

        int version = file.VersionOf(answer.Body, offset);
        if (length != file.LengthOf(version))
        {
            throw new InvalidDataException($"{file.Target}: {length} bytes of version {version}, which has {file.LengthOf(version)}");
        }

        if (_versions.GetOrAdd((file.Target, tag), version) is var known && known != version)
        {
            throw new InvalidDataException($"{file.Target}: version {version} has the entity tag {tag} of version {known}");
        }

        return tag;
    }

    /// <summary>Checks that an answer has the fields of rules that there have been.</summary>
    public void CheckRules(Answer answer)
    {
        if (!int.TryParse(answer["X-Rules"], NumberStyles.None, CultureInfo.InvariantCulture, out int rules)
            || rules < 1 || rules > Volatile.Read(ref _rules))
        {
            throw new InvalidDataException($"{answer.Status} with X-Rules {answer["X-Rules"]} of {_rules}");
        }
    }
}
