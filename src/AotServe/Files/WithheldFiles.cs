using System;
using System.Threading;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// Files that no root of the process serves, under whatever name they are reached: the file with the passwords, and the rule
/// files of each root. They are known by identity, which is looked up again when it may have changed, so that a file that was
/// replaced is withheld at once. Any thread may use it.
/// </summary>
/// <remarks>.NET knows an identity of files on no system. Where this is not Linux, paths are compared.</remarks>
internal sealed class WithheldFiles
{
    private readonly Lock _writing = new();
    private volatile WithheldFile[] _files = [];

    /// <summary>Withholds the file that is at a path, whichever that is when it is asked for. Links are followed.</summary>
    public void Add(string path) => Add(new WithheldFile(null, path, isLookedUpAlways: true));

    /// <summary>Withholds a file of a root folder by its name there.</summary>
    /// <param name="folder">The folder, which stays open.</param>
    /// <param name="name">Its name.</param>
    public void Add(SafeFileHandle folder, string name) => Add(new WithheldFile(folder, name, isLookedUpAlways: false));

    /// <summary>The files of a root folder that is served no more are like any others.</summary>
    public void Remove(SafeFileHandle folder)
    {
        lock (_writing)
        {
            WithheldFile[] left = [.. _files];
            int count = 0;
            foreach (WithheldFile file in _files)
            {
                if (file.Folder != folder)
                {
                    left[count++] = file;
                }
            }

            Array.Resize(ref left, count);
            _files = left;
        }
    }

    /// <summary>Whether one of them is at a path from the root of the file system on, without links.</summary>
    public bool Contains(string path)
    {
        foreach (WithheldFile file in _files)
        {
            if (file.IsAt(path))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(WithheldFile file)
    {
        lock (_writing)
        {
            _files = [.. _files, file];
        }
    }

    /// <summary>Whether a regular file is one of them.</summary>
    /// <param name="status">The file.</param>
    /// <param name="name">Its own name, not that of a link to it.</param>
    public bool Contains(in LinuxFileStatus status, ReadOnlySpan<byte> name)
    {
        foreach (WithheldFile file in _files)
        {
            if (file.Is(status, name))
            {
                return true;
            }
        }

        return false;
    }
}
