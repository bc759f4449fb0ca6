using System;
using System.Threading;

namespace AotServe.Files;

/// <summary>
/// What is known of the folders in which files are looked for that are not cached: it saves most of the system calls for each of them. A
/// folder's names are read when it is asked for several times within a moment, and again when it has changed. When that is long ago, the
/// folder is looked at, and read again where its time does not tell. Any thread may call, without a lock.
/// </summary>
/// <param name="folder">The root folder.</param>
/// <param name="clock">The time in ms.</param>
/// <param name="variantSuffixes">What the names of variants end in, such as <c>.gz</c>.</param>
internal sealed class FolderKnowledge(RootFolder folder, Func<long> clock, string[] variantSuffixes)
{
    /// <summary>How long what was read is valid, ms: a new precompressed file is to be noticed within a second.</summary>
    private const long Validity = 500;

    /// <summary>From which look on it is worth the reading, within that time. A request takes two or three.</summary>
    private const int WorthReading = 8;

    /// <summary>
    /// How many folders are known at once, at first and at the most; powers of two. One takes the place of another with the same hash modulo
    /// that; there are more where that other one is still valid.
    /// </summary>
    private const int Fewest = 32;

    private const int Most = 4096;

    private volatile Known?[] _known = [];

    /// <summary>Which folders are watched.</summary>
    public WatchedPaths Watched { get; } = new();

    /// <summary>What is known of the folder that holds what is at a path.</summary>
    public FolderTraits TraitsFor(ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> of = path[..Math.Max(path.LastIndexOf((byte)'/'), 0)];
        ulong hash = PathHash.Compute(of);
        long now = clock();
        Known? known = Find(hash);
        if (known is null || known.Hash != hash)
        {
            Add(new Known(hash, now));
            return FolderTraits.None;
        }

        if (now - known.Since >= Validity)
        {
            if (known.IsValid && known.Entry is { } before && folder.Find(of, out FileEntry after) == FileOutcome.Found && after == before)
            {
                known.Since = now;
                return known.Traits;
            }

            Add(new Known(hash, now));
            return FolderTraits.None;
        }

        if (known.IsRead)
        {
            if (known.IsValid)
            {
                return known.Traits;
            }
        }
        else if (++known.Looks < WorthReading)
        {
            return FolderTraits.None;
        }

        // Looked at before the names are: what changes after that is seen.
        WatchedFolder? watch = Watched.Find(path);
        int changes = watch?.Changes ?? 0;
        FileOutcome outcome = folder.Find(of, out FileEntry entry);
        bool willTell = outcome == FileOutcome.Found && entry is { HasFineTime: true, IsSettledNow: true };
        FolderTraits traits = folder.TraitsOf(of, variantSuffixes);
        Add(new Known(hash, now) { IsRead = true, Traits = traits, Watch = watch, Changes = changes, Entry = willTell ? entry : null });
        return traits;
    }

    private Known? Find(ulong hash)
    {
        Known?[] all = _known;
        return all.Length == 0 ? null : Volatile.Read(ref all[hash & (ulong)(all.Length - 1)]);
    }

    /// <summary>Two threads may do so at once: what one adds is lost then, and read once more.</summary>
    private void Add(Known known)
    {
        Known?[] all = _known;
        if (all.Length == 0)
        {
            _known = all = new Known?[Fewest];
        }

        Known? other = all[known.Hash & (ulong)(all.Length - 1)];
        if (other is not null && other.Hash != known.Hash && known.Since - other.Since < Validity && all.Length < Most)
        {
            var more = new Known?[2 * all.Length];
            foreach (Known? each in all)
            {
                if (each is not null)
                {
                    more[each.Hash & (ulong)(more.Length - 1)] = each;
                }
            }

            _known = all = more;
        }

        Volatile.Write(ref all[known.Hash & (ulong)(all.Length - 1)], known);
    }

    /// <summary>One folder.</summary>
    private sealed class Known(ulong hash, long since)
    {
        public ulong Hash => hash;

        /// <summary>When it was looked at, ms.</summary>
        public long Since { get; set; } = since;

        /// <summary>How often it was looked for; about, where several threads do.</summary>
        public int Looks { get; set; } = 1;

        /// <summary>Whether its names were read.</summary>
        public bool IsRead { get; init; }

        public FolderTraits Traits { get; init; }

        public WatchedFolder? Watch { get; init; }

        public int Changes { get; init; }

        /// <summary>What the folder was before its names were read, if a change of them cannot leave it like that; else null.</summary>
        public FileEntry? Entry { get; init; }

        public bool IsValid => Watch is null || Watch.Changes == Changes;
    }
}
