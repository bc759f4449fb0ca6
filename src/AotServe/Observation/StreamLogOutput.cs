using System;
using System.IO;

namespace AotServe.Observation;

/// <summary>Lines for a file or for stdout where the system is not a Unix.</summary>
/// <param name="path">The file's full path, or <see cref="AccessLogOptions.StandardOutput"/>.</param>
internal sealed class StreamLogOutput(string path) : LogOutput(path)
{
    private Stream? _stream;

    public override string? Open()
    {
        try
        {
            Stream opened = IsStandardOutput
                ? Console.OpenStandardOutput()
                : new FileStream(Path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            _stream?.Dispose();
            _stream = opened;
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "it cannot be opened for writing";
        }
    }

    public override string? Write(ReadOnlySpan<LogRing> rings)
    {
        if (_stream is null && Open() is { } error)
        {
            return error;
        }

        try
        {
            foreach (LogRing ring in rings)
            {
                while (ring.Oldest() is { IsEmpty: false } bytes)
                {
                    _stream!.Write(bytes);
                    ring.Take(bytes.Length);
                }
            }

            _stream!.Flush();
            return null;
        }
        catch (IOException)
        {
            return "it cannot be written to";
        }
    }

    public override void Dispose() => _stream?.Dispose();
}
