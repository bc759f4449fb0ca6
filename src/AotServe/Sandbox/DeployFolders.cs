using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using AotServe.Native;

namespace AotServe.Sandbox;

/// <summary>
/// The folders in which a path may lead to something else after the next deploy. The new version lies beside the old one:
/// <c>current → releases/2</c>, <c>mv site.new site</c>, <c>bin/aotserve → ../v2/aotserve</c>.
/// </summary>
/// <remarks>
/// Landlock must know them beforehand, and knows only folders with all that is beneath them. So folders that hold more than
/// versions of a site are left out, and then a deploy takes a restart: the root of the file system, the system's own folders, homes,
/// and for links in the middle of a path, whatever lies directly beneath the root of the file system.
/// </remarks>
[SupportedOSPlatform("linux")]
internal static unsafe class DeployFolders
{
    private const int LongestPath = 4096;

    /// <summary>Room for a usual path, bytes.</summary>
    private const int UsualPath = 512;
    private const int MostLinks = 40;

    private static readonly string[] Wide =
        ["/", "/bin", "/boot", "/dev", "/etc", "/home", "/lib", "/lib64", "/proc", "/root", "/run", "/sbin", "/sys", "/usr", "/usr/local", "/var"];

    /// <summary>The folders in which a served folder may have its successors.</summary>
    /// <param name="path">The full path of the folder.</param>
    public static List<string> OfFolder(string path)
    {
        var found = new List<string>();
        string resolved = Resolve(path, link => Add(found, Path.GetDirectoryName(link), isWhole: false));
        Add(found, Path.GetDirectoryName(resolved), isWhole: true);
        return found;
    }

    /// <summary>The folders in which a program may have its successors, if it was reached through a link; else none.</summary>
    /// <param name="path">The path that it was started by.</param>
    public static List<string> OfProgram(string path)
    {
        var found = new List<string>();
        string full = Path.GetFullPath(path);
        string resolved = Resolve(full, link => Add(found, Path.GetDirectoryName(link), isWhole: false));
        if (resolved != full)
        {
            Add(found, Path.GetDirectoryName(full), isWhole: true);
            Add(found, Path.GetDirectoryName(Path.GetDirectoryName(resolved)), isWhole: true);
        }

        return found;
    }

    /// <summary>Resolves a full path as the kernel does, and gives what each link on it leads to. Where that fails, it ends early.</summary>
    private static string Resolve(string path, Action<string> linkEnds)
    {
        var pending = new Stack<string>();
        var ends = new Stack<int>();
        string resolved = "/";
        int links = 0;
        Push(pending, path);
        while (pending.TryPop(out string? name))
        {
            string next = name switch
            {
                "" or "." => resolved,
                ".." => Path.GetDirectoryName(resolved) ?? "/",
                _ => Path.Combine(resolved, name),
            };
            if (next.Length > resolved.Length && ReadLink(next) is { } target)
            {
                if (++links > MostLinks)
                {
                    return resolved;
                }

                ends.Push(pending.Count);
                resolved = target.StartsWith('/') ? "/" : resolved;
                Push(pending, target);
                continue;
            }

            resolved = next;
            while (ends.TryPeek(out int left) && pending.Count <= left)
            {
                ends.Pop();
                linkEnds(resolved);
            }
        }

        return resolved;
    }

    private static void Push(Stack<string> pending, string path)
    {
        string[] names = path.Split('/');
        for (int i = names.Length - 1; i >= 0; i--)
        {
            pending.Push(names[i]);
        }
    }

    /// <summary>Where a symbolic link leads (readlink(2)); null: it is none, or cannot be read.</summary>
    internal static string? ReadLink(string path)
    {
        Span<byte> target = stackalloc byte[UsualPath];
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            nint length = LinuxFiles.ReadLink(bytes, target);
            if (length == target.Length)
            {
                target = new byte[LongestPath]; // What did not fit was cut off.
                length = LinuxFiles.ReadLink(bytes, target);
            }

            return length <= 0 ? null : Encoding.UTF8.GetString(target[..(int)length]);
        }
    }

    private static void Add(List<string> found, string? folder, bool isWhole)
    {
        if (folder is not null && !found.Contains(folder) && Array.IndexOf(Wide, folder) < 0
            && folder != Environment.GetEnvironmentVariable("HOME")
            && (isWhole || folder.LastIndexOf('/') > 0))
        {
            found.Add(folder);
        }
    }
}
