using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

namespace AotServe.Tests.Shared;

/// <summary>A folder for one test, with a root to be served and room beside it. <see cref="Dispose"/> deletes all of it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory("aotserve-test-");

    // .NET cannot delete names that are not UTF-8, so Dispose deletes these first.
    private readonly List<byte[]> _secondNames = [];

    public TemporaryFolder()
    {
        if (!OperatingSystem.IsWindows())
        {
            // A server that has switched to another user has to get in.
            File.SetUnixFileMode(_top.FullName, ReadableByAll);
        }

        Directory.CreateDirectory(Root);
    }

    /// <summary>The full path of the folder to be served.</summary>
    public string Root => Path.Combine(_top.FullName, "root");

    /// <summary>The full path of <paramref name="name"/>, which is relative to the root.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Writes a file and creates the folders above it. Returns its full path.</summary>
    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    /// <summary>Writes a file of random bytes and returns them. The same length always gives the same bytes.</summary>
    public byte[] WriteRandom(string name, int length)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        File.WriteAllBytes(this[name], content);
        return content;
    }

    public void MakeFolder(string name) => Directory.CreateDirectory(this[name]);

    /// <summary>Creates a symbolic link.</summary>
    public void Link(string name, string target) => File.CreateSymbolicLink(this[name], target);

    /// <summary>Makes a symbolic link lead elsewhere in one step, as deploys do.</summary>
    public void SwitchLink(string name, string target)
    {
        Link(name + ".new", target);
        Posix.Rename(this[name + ".new"], this[name]);
    }

    /// <summary>Removes all permissions from a file.</summary>
    [UnsupportedOSPlatform("windows")]
    public void Lock(string name) => File.SetUnixFileMode(this[name], UnixFileMode.None);

    public void MakeFifo(string name) => Posix.MakeFifo(this[name]);

    /// <summary>Creates a Unix domain socket that nobody listens on.</summary>
    public void MakeSocket(string name)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(this[name]));
        // Closing the socket deletes the name that it was bound to. A second name keeps the file.
        MakeSecondName(name, Encoding.UTF8.GetBytes(name + ".kept"));
    }

    /// <summary>Gives a file a second name (a hard link) in the root, which may be of any bytes.</summary>
    public void MakeSecondName(string name, byte[] second)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(Root), (byte)'/', .. second];
        Posix.Link(this[name], path);
        _secondNames.Add(path);
    }

    public void Dispose()
    {
        foreach (byte[] path in _secondNames)
        {
            Posix.Unlink(path);
        }

        _top.Delete(recursive: true);
    }
}
