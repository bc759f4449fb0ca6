using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace AotServe.Native;

/// <summary>Reads folders and checks what may be read. Each call returns a result or −errno and retries EINTR.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class LinuxFolders
{
    private const int EffectiveUser = 0x200; // AT_EACCESS
    private const int MayRead = 4; // R_OK
    private const int MaySearch = 1; // X_OK
    private const int RecordsSize = 2048; // Bytes; a record has 280 at most.

    /// <summary>
    /// getdents64(2): the next entries of a folder that is open for reading, as <c>struct linux_dirent64</c>, one after
    /// the other (see <see cref="LinuxFolderRecord"/>).
    /// </summary>
    /// <returns>How many bytes of <paramref name="buffer"/> were filled; 0 at the end.</returns>
    public static int Read(int folder, byte* buffer, int size) =>
        (int)SystemCall.Invoke(SystemCall.GetDirectoryEntries, folder, (nint)buffer, size);

    /// <summary>
    /// Lists a folder: adds names to <paramref name="names"/>, but not <c>.</c> and <c>..</c>. What is no UTF-8 in them is replaced. In place of
    /// .NET's enumeration, which is slower in a process that has just started, and 25 KB of the executable.
    /// </summary>
    /// <param name="path">The folder's path.</param>
    /// <param name="names">The names are added to it.</param>
    /// <param name="isOneEnough">Whether to stop at the first one.</param>
    /// <returns>0.</returns>
    public static int List(string path, List<string> names, bool isOneEnough)
    {
        int folder;
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            folder = LinuxFiles.OpenAt(
                LinuxFiles.CurrentDirectory, name, LinuxFiles.ReadOnly | LinuxFiles.NonBlocking | LinuxFiles.CloseOnExec);
        }

        if (folder < 0)
        {
            return folder;
        }

        byte* buffer = stackalloc byte[RecordsSize];
        int filled = 0;
        while (!(isOneEnough && names.Count > 0) && (filled = Read(folder, buffer, RecordsSize)) > 0)
        {
            for (var records = new ReadOnlySpan<byte>(buffer, filled); records.Length > 0;)
            {
                var record = new LinuxFolderRecord(records);
                records = records[record.Length..];
                if (!record.Name.SequenceEqual("."u8) && !record.Name.SequenceEqual(".."u8))
                {
                    names.Add(Encoding.UTF8.GetString(record.Name));
                }
            }
        }

        FileDescriptor.Close(folder);
        return Math.Min(filled, 0);
    }

    /// <summary>
    /// Whether this process may read the file <paramref name="name"/> (NUL-terminated) of a folder, or read and search it
    /// if <paramref name="isFolder"/>: faccessat(2) for the effective user, without following links. An empty name means
    /// what <paramref name="folder"/> itself is open on. A kernel that cannot tell (before 5.8) counts as yes: the open
    /// that follows decides.
    /// </summary>
    public static bool MayBeRead(int folder, byte* name, bool isFolder)
    {
        int flags = EffectiveUser | LinuxFiles.NoFollowLink | (*name == 0 ? LinuxFiles.EmptyPath : 0);
        int result;
        do
        {
            result = Errno.Result(faccessat(folder, name, isFolder ? MayRead | MaySearch : MayRead, flags));
        }
        while (result == -Errno.Interrupted);
        return result is not (-Errno.AccessDenied or -Errno.NotPermitted or -Errno.NotFound);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int faccessat(int folder, byte* name, int mode, int flags);
}
