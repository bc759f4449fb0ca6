using System;
using System.Runtime.Versioning;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder where openat2(2) is missing: the path is walked name by name, and no symbolic link is followed, so
/// that none can lead out. A file behind a link is not found here, also where the link stays beneath the root. Where
/// links may lead anywhere there is nothing to keep in, and the path is opened at once: magic links then too.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class WalkedRootFolder(SafeFileHandle folder, SymbolicLinks links) : LinuxRootFolder(folder)
{
    private const int StepFlags = LinuxFiles.PathOnly | LinuxFiles.CloseOnExec;

    public override string Guard => links == SymbolicLinks.Always
        ? "symbolic links may lead anywhere"
        : "walked name by name, no symbolic link followed: the kernel lacks openat2";

    protected override int Open(byte* path, int length, int flags)
    {
        if (links == SymbolicLinks.Always)
        {
            return LinuxFiles.OpenAt(Folder, path, flags);
        }

        byte* end = path + length;
        int parent = Folder;
        while (true)
        {
            int nameLength = new ReadOnlySpan<byte>(path, (int)(end - path)).IndexOf((byte)'/');
            bool isLast = nameLength < 0;
            if (!isLast)
            {
                path[nameLength] = 0;
            }
            // O_PATH gives a handle on a link itself, which is neither a folder to walk on from nor a regular file.
            int descriptor = LinuxFiles.OpenAt(parent, path, (isLast ? flags : StepFlags) | LinuxFiles.NoFollow);
            if (!isLast)
            {
                path[nameLength] = (byte)'/';
            }

            if (parent != Folder)
            {
                FileDescriptor.Close(parent);
            }

            if (isLast || descriptor < 0)
            {
                return descriptor;
            }

            parent = descriptor;
            path += nameLength + 1;
        }
    }
}
