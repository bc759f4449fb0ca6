using System;
using System.IO;
using System.Text;
using System.Threading;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>One of <see cref="WithheldFiles"/>. Any thread may call.</summary>
internal sealed unsafe class WithheldFile
{
    private readonly SafeFileHandle? _folder;
    private readonly string _pathText;
    private readonly byte[] _path;
    private readonly byte[] _name;
    private readonly bool _isLookedUpAlways;
    private ulong _lastInode;

    /// <summary>Looks it up for the first time. It need not exist.</summary>
    /// <param name="folder">What the path is relative to; null: the working directory of now.</param>
    /// <param name="path">The path.</param>
    /// <param name="isLookedUpAlways">
    /// Whether it is looked up for every file. If not, only for one that has its name or several names, or was it before: a file
    /// whose only name is another one is another file, unless the name withheld is that of a link.
    /// </param>
    public WithheldFile(SafeFileHandle? folder, string path, bool isLookedUpAlways)
    {
        _folder = folder;
        _pathText = folder is null ? Path.GetFullPath(path) : path;
        _path = Encoding.UTF8.GetBytes(_pathText + '\0');
        _name = Encoding.UTF8.GetBytes(Path.GetFileName(path));
        _isLookedUpAlways = isLookedUpAlways;
        if (OperatingSystem.IsLinux())
        {
            LookUp(out _);
        }
    }

    /// <summary>What its path is relative to; null: the working directory of the start.</summary>
    public SafeFileHandle? Folder => _folder;

    /// <summary>
    /// Whether it is at a path, from the root of the file system on and without links, now. Case is ignored, and more
    /// (<see cref="NameFolding"/>), as file systems may that have no better way to tell.
    /// </summary>
    public bool IsAt(string path) => NameFolding.Fold(RealPath.Of(_pathText)).AsSpan().SequenceEqual(NameFolding.Fold(path));

    /// <summary>Whether a regular file is this one now.</summary>
    /// <param name="status">The file.</param>
    /// <param name="name">Its own name, not that of a link to it.</param>
    public bool Is(in LinuxFileStatus status, ReadOnlySpan<byte> name)
    {
        bool hasName = Ascii.EqualsIgnoreCase(name, _name);
        bool wasIt = status.Inode == Volatile.Read(ref _lastInode);
        if (!OperatingSystem.IsLinux() || !(_isLookedUpAlways || hasName || wasIt || status.LinkCount > 1))
        {
            return false;
        }

        return LookUp(out LinuxFileStatus now) switch
        {
            0 => now.Identity == status.Identity,

            // It is being replaced by an editor that deletes it first, or this process may no longer look.
            _ => wasIt || (_isLookedUpAlways && hasName),
        };
    }

    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private int LookUp(out LinuxFileStatus status)
    {
        int error;
        status = default;
        if (_folder is not null && !FileDescriptor.TryHold(_folder))
        {
            return -Errno.NotFound;
        }

        fixed (byte* path = _path)
        {
            error = LinuxFiles.Stat(_folder is null ? LinuxFiles.CurrentDirectory : (int)_folder.DangerousGetHandle(), path, out status);
        }

        _folder?.DangerousRelease();
        if (error == 0)
        {
            Volatile.Write(ref _lastInode, status.Inode);
        }

        return error;
    }
}
