using System;

namespace AotServe.Cli;

/// <summary>Finds the option that was probably meant by one that does not exist.</summary>
internal static class NearMiss
{
    private const int LongestTyped = 32;

    /// <summary>How many edits away a name may be.</summary>
    public const int Tolerance = 2;

    /// <summary>
    /// The name of the nearest option: one that begins with <paramref name="typed"/> (which has its dashes, and no value), or is
    /// at most <see cref="Tolerance"/> edits away. Null: none. Hidden options are not considered.
    /// </summary>
    public static string? Of(ReadOnlySpan<char> typed)
    {
        ReadOnlySpan<char> trimmed = typed.TrimStart('-');
        if (trimmed.Length is 0 or > LongestTyped)
        {
            return null;
        }

        Span<char> name = stackalloc char[trimmed.Length];
        for (int i = 0; i < name.Length; i++)
        {
            // Names have hyphens and lower-case letters.
            name[i] = trimmed[i] == '_' ? '-' : char.ToLowerInvariant(trimmed[i]);
        }

        if (OfPeers(name) is { } meant)
        {
            return meant;
        }

        string? nearest = null;
        int least = Tolerance + 1;
        foreach (Option option in OptionTable.All)
        {
            if (option.Hidden)
            {
                continue;
            }

            // A letter in the other case is nearer than any name that begins with it.
            if (name.Length == 1 && char.ToLowerInvariant(option.Letter) == name[0])
            {
                return option.Name;
            }

            int distance = option.Name.AsSpan().StartsWith(name) ? 0 : EditDistance(name, option.Name);

            // A short word could be turned into any short name by changing all of its letters.
            if (distance < least && distance < name.Length)
            {
                nearest = option.Name;
                least = distance;
            }
        }

        return nearest;
    }

    /// <summary>What other servers call an option of this one; null: nothing.</summary>
    private static string? OfPeers(ReadOnlySpan<char> name) => name switch
    {
        "host" or "address" or "addr" or "ip" or "interface" or "listen-address" => "bind",
        "listen" or "listen-port" => "port",
        "browse" or "autoindex" or "directory-listing" or "dirlist" or "index-of" => "listing",
        "directory" or "dir" or "docroot" or "document-root" or "webroot" or "wwwroot" or "path" or "folder" or "serve" => "root",
        "workers" or "jobs" or "worker-processes" => "threads",
        "gzip" or "brotli" or "compression" => "compress",
        "single" or "fallback" or "page-fallback" or "try-files" => "spa",
        "basic-auth" or "auth" or "htpasswd" => "auth-file",
        "uid" or "chroot" => "user",
        "debug" or "log-level" => "verbose",
        "virtual-host" or "domain" or "server-name" => "vhost",
        _ => null,
    };

    /// <summary>
    /// The number of letters to insert, delete, change or swap with their neighbour to turn one text into the other
    /// (Damerau-Levenshtein distance, optimal string alignment).
    /// </summary>
    public static int EditDistance(ReadOnlySpan<char> from, ReadOnlySpan<char> to)
    {
        Span<int> beforeLast = stackalloc int[to.Length + 1];
        Span<int> last = stackalloc int[to.Length + 1];
        Span<int> current = stackalloc int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            current[j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            Span<int> next = beforeLast;
            beforeLast = last;
            last = current;
            current = next;
            current[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int changed = last[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                current[j] = Math.Min(changed, 1 + Math.Min(last[j], current[j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    current[j] = Math.Min(current[j], 1 + beforeLast[j - 2]);
                }
            }
        }

        return current[to.Length];
    }
}
