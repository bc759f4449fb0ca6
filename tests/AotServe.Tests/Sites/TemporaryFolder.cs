using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;

namespace AotServe.Tests.Sites;

/// <summary>A folder of its own for a test, with a served root in it and things beside it; gone afterwards.</summary>
internal sealed partial class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _top = Directory.CreateTempSubdirectory("aotserve-test-");

    private readonly List<byte[]> _secondNames = [];

    public TemporaryFolder() => Directory.CreateDirectory(Root);

    /// <summary>The folder to be served.</summary>
    public string Root => Path.Combine(_top.FullName, "root");

    /// <summary>The full path of <paramref name="name"/>, relative to the root.</summary>
    public string this[string name] => Path.Combine(Root, name);

    /// <summary>Writes a file and the folders on the way to it.</summary>
    public string Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void MakeFolder(string name) => Directory.CreateDirectory(this[name]);

    public void Link(string name, string target) => File.CreateSymbolicLink(this[name], target);

    /// <summary>Takes all permissions from a file.</summary>
    [UnsupportedOSPlatform("windows")]
    public void Lock(string name) => File.SetUnixFileMode(this[name], UnixFileMode.None);

    public void MakeFifo(string name) => Assert(MkFifo(this[name], 0x1A4) == 0);

    /// <summary>Leaves the file of a Unix domain socket behind.</summary>
    public void MakeSocket(string name)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(this[name]));
        // Closing deletes the name that was bound; another keeps the file.
        MakeSecondName(name, Encoding.UTF8.GetBytes(name + ".kept"));
    }

    /// <summary>Gives a file a second name (a hard link), of any bytes.</summary>
    public void MakeSecondName(string name, byte[] second)
    {
        byte[] path = [.. Encoding.UTF8.GetBytes(Root), (byte)'/', .. second, 0];
        Assert(HardLink(this[name], path) == 0);
        _secondNames.Add(path);
    }

    public void Dispose()
    {
        // .NET cannot delete what is not UTF-8.
        foreach (byte[] path in _secondNames)
        {
            Assert(Unlink(path) == 0);
        }

        _top.Delete(recursive: true);
    }

    private static void Assert(bool isDone)
    {
        if (!isDone)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int MkFifo(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int HardLink(string from, byte[] to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true)]
    private static partial int Unlink(byte[] path);
}
