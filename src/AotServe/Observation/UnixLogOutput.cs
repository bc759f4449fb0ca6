using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using AotServe.Native;

namespace AotServe.Observation;

/// <summary>
/// Lines for a file, a FIFO, a terminal or a pipe of a Unix system. A write to a file waits for the disk at most; all else is asked first whether it
/// takes more.
/// </summary>
/// <param name="path">The file's full path, or <see cref="AccessLogOptions.StandardOutput"/>.</param>
[UnsupportedOSPlatform("windows")]
internal sealed class UnixLogOutput(string path) : LogOutput(path)
{
    private const int StandardOutput = 1;
    private const int NotOpen = -1;

    /// <summary>What a pipe that is writable takes in one piece, bytes (pipe(7), PIPE_BUF).</summary>
    private const int PipePiece = 4096;

    /// <summary>How long one call waits for a reader, ms.</summary>
    private const int ReaderTime = 50;

    private readonly List<LogFiles.Piece> _pieces = [];
    private readonly List<(LogRing Ring, int Length)> _counts = [];
    private int _descriptor = NotOpen;
    private bool _isRegular;

    public override string? Open()
    {
        int opened = IsStandardOutput ? StandardOutput : LogFiles.Open(Path);
        if (opened < 0)
        {
            return opened == -Errno.NoSuchDevice ? NoReader : Errno.Describe(-opened);
        }

        Close();
        _descriptor = opened;
        _isRegular = LogFiles.IsRegular(opened);
        return null;
    }

    public override string? Write(ReadOnlySpan<LogRing> rings)
    {
        if (_descriptor == NotOpen && Open() is { } error)
        {
            return error;
        }

        return _isRegular ? WriteFile(rings) : WritePipe(rings);
    }

    public override void Dispose() => Close();

    private string? WriteFile(ReadOnlySpan<LogRing> rings)
    {
        while (Gather(rings))
        {
            nint written = LogFiles.Write(_descriptor, CollectionsMarshal.AsSpan(_pieces));
            if (written < 0)
            {
                return Errno.Describe((int)-written);
            }

            for (int i = 0; i < _counts.Count; i++)
            {
                int taken = (int)Math.Min(written, _counts[i].Length);
                _counts[i].Ring.Take(taken);
                written -= taken;
            }
        }

        return null;
    }

    /// <summary>The pieces of one call: of each ring what lies together.</summary>
    private bool Gather(ReadOnlySpan<LogRing> rings)
    {
        _pieces.Clear();
        _counts.Clear();
        foreach (LogRing ring in rings)
        {
            if (ring.Oldest() is { IsEmpty: false } first)
            {
                _pieces.Add(new LogFiles.Piece(first));
                _counts.Add((ring, first.Length)); // More may come meanwhile, which is not written yet.
            }
        }

        return _pieces.Count > 0;
    }

    private string? WritePipe(ReadOnlySpan<LogRing> rings)
    {
        foreach (LogRing ring in rings)
        {
            while (ring.Oldest() is { IsEmpty: false } bytes)
            {
                ReadOnlySpan<byte> piece = bytes[..Math.Min(bytes.Length, PipePiece)];
                int lines = piece.LastIndexOf((byte)'\n') + 1;
                if (!FileDescriptor.IsWritable(_descriptor, ReaderTime))
                {
                    return NoReader;
                }

                nint written = FileDescriptor.Write(_descriptor, lines > 0 ? piece[..lines] : piece);
                if (written < 0)
                {
                    return Errno.Describe((int)-written);
                }

                ring.Take((int)written);
            }
        }

        return null;
    }

    private void Close()
    {
        if (_descriptor > StandardOutput)
        {
            FileDescriptor.Close(_descriptor);
        }

        _descriptor = NotOpen;
    }
}
