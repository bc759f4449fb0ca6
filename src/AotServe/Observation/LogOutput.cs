using System;

namespace AotServe.Observation;

/// <summary>Where lines are written. One thread uses it.</summary>
/// <param name="path">The file's full path, or <see cref="AccessLogOptions.StandardOutput"/>.</param>
internal abstract class LogOutput(string path) : IDisposable
{
    /// <summary>What is wrong with a FIFO, and what may pass.</summary>
    public const string NoReader = "nobody reads from it";

    /// <summary>What it is, for a message.</summary>
    public string Name => IsStandardOutput ? "stdout" : path;

    /// <summary>The file's full path.</summary>
    protected string Path => path;

    /// <summary>Whether it is stdout, which is open already.</summary>
    protected bool IsStandardOutput => path == AccessLogOptions.StandardOutput;

    /// <summary>The one for this system. Nothing is opened yet.</summary>
    public static LogOutput Create(string path) => OperatingSystem.IsWindows() ? new StreamLogOutput(path) : new UnixLogOutput(path);

    /// <summary>Opens the file, which may be another than before; on an error the one that was open stays.</summary>
    /// <returns>Null, or what is wrong.</returns>
    public abstract string? Open();

    /// <summary>Writes what is in the rings, as far as it goes without waiting for a reader for long.</summary>
    /// <returns>Null, or what is wrong; then the rest stays in the rings.</returns>
    public abstract string? Write(ReadOnlySpan<LogRing> rings);

    public abstract void Dispose();
}
