using System;
using System.Runtime.Versioning;
using AotServe.Native;
using Microsoft.Win32.SafeHandles;

namespace AotServe.Files;

/// <summary>
/// A root folder for kernels without openat2(2). The path is opened name by name and no symbolic link is followed, so that
/// none can lead out; a file behind a link is not found, even if the link stays beneath the root. With
/// <see cref="SymbolicLinks.Always"/> the whole path is opened at once, and magic links of <c>/proc</c> are followed too.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed unsafe class WalkedRootFolder : LinuxRootFolder
{
    private const int StepFlags = LinuxFiles.PathOnly | LinuxFiles.CloseOnExec;

    private readonly SymbolicLinks _links;

    /// <summary>Takes over a folder, which may be an O_PATH descriptor.</summary>
    public WalkedRootFolder(SafeFileHandle folder, SymbolicLinks links)
        : base(folder) =>
        _links = links;

    private WalkedRootFolder(WalkedRootFolder unfiltered, Exclusions exclusions)
        : base(unfiltered, exclusions) =>
        _links = unfiltered._links;

    public override string Containment => _links == SymbolicLinks.Always
        ? "symbolic links may lead anywhere"
        : "walked name by name, no symbolic link followed: the kernel lacks openat2"u8.Text();

    public override LinuxRootFolder Exclude(Exclusions exclusions) => new WalkedRootFolder(this, exclusions);

    protected override int Open(byte* path, int length, int flags, out bool isDirect)
    {
        isDirect = _links != SymbolicLinks.Always;
        if (!isDirect)
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
            // O_PATH and O_NOFOLLOW open a link itself, which is neither a folder to continue from nor a regular file.
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
