using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace AotServe.EndToEndTests.Harness;

/// <summary>
/// A server in a folder of its own, where its binary can be exchanged, and all the servers that replace it. They share
/// stdout and stderr. At the latest, all of them are ended when this is disposed.
/// </summary>
internal sealed class ReplaceableServer : IDisposable
{
    private const UnixFileMode Executable =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private readonly string _binary;

    /// <summary>Starts it, in the folder as its working directory, by a relative path.</summary>
    /// <param name="binary">Is copied.</param>
    /// <param name="environment">Of the server, besides this process's own.</param>
    /// <param name="arguments">Of the server; it listens on a free port of 127.0.0.1.</param>
    public ReplaceableServer(string binary, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        _binary = binary;
        Folder = new TemporaryFolder();
        Folder.Write("www/small.txt", new string('s', 3_000));
        Folder.Write("www/large.txt", new string('l', 400_000));
        RestoreBinary();
        Process = ServerProcess.Serve(new ServerStart
        {
            Binary = "./aotserve",
            Arguments = ["--port", "0", "--bind", "127.0.0.1", .. arguments],
            Environment = environment,
            Shell = $"cd '{Folder.Root}' && exec \"$0\" \"$@\"",
        });
    }

    /// <summary>The same without variables of its own.</summary>
    public ReplaceableServer(string binary, params string[] arguments)
        : this(binary, new Dictionary<string, string>(), arguments)
    {
    }

    /// <summary>Where it runs; beneath it are <c>www/small.txt</c> and <c>www/large.txt</c>.</summary>
    public TemporaryFolder Folder { get; }

    /// <summary>The first of the servers, with the output of all.</summary>
    public ServerProcess Process { get; }

    public int Port => Process.Port;

    /// <summary>The one that serves now.</summary>
    public int Pid => Process.ServingPids[^1];

    /// <summary>Puts the server's own binary where it was started from.</summary>
    public void RestoreBinary() => Put(path => File.Copy(_binary, path));

    /// <summary>Puts something else there.</summary>
    public void PutBinary(string content) => Put(path => File.WriteAllText(path, content));

    /// <summary>Removes it.</summary>
    public void RemoveBinary() => File.Delete(Folder["aotserve"]);

    /// <summary>Asks for a replacement without waiting for it.</summary>
    public void AskForSuccessor() => Posix.Kill(Pid, Posix.SIGUSR2);

    /// <summary>Has it replaced; returns when the new one serves and, unless told not to wait for that, the old one has ended.</summary>
    public void Replace(bool awaitEnd = true)
    {
        int old = Pid;
        int servers = Process.ServingPids.Count;
        AskForSuccessor();
        Eventually.Holds(() => Process.ServingPids.Count > servers, "a successor serves");
        Assert.NotEqual(old, Pid);
        if (awaitEnd)
        {
            Eventually.Holds(() => Proc.HasEnded(old), "the server that was replaced has ended");
        }
    }

    /// <summary>Stops the one that serves now and waits until all have ended and all output is read.</summary>
    public void Stop()
    {
        Posix.Kill(Pid, Posix.SIGTERM);
        Process.WaitForOutput();
    }

    public void Dispose()
    {
        foreach (int pid in Process.ServingPids.Where(pid => !Proc.HasEnded(pid)))
        {
            Posix.Kill(pid, Posix.SIGKILL);
        }

        Process.Dispose();
        Folder.Dispose();
    }

    // By renaming: a file that runs cannot be written to.
    private void Put(Action<string> create)
    {
        string fresh = Folder["fresh"];
        create(fresh);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(fresh, Executable);
        }

        File.Move(fresh, Folder["aotserve"], overwrite: true);
    }
}
