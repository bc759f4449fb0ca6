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

    /// <summary>The most pieces of one call (writev(2), IOV_MAX).</summary>
    private const int MostPieces = 1024;

    private readonly List<LogFiles.Piece> _pieces = [];
    private readonly List<(LogRing Ring, int Length)> _counts = [];
    private int _descriptor = NotOpen;
    private bool _isRegular;

    // The ring whose line may have been written in part: it goes on before any other, so that no line is torn.
    private LogRing? _cut;

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
        // What there is now, and not what comes meanwhile: under load that would never end.
        long left = 0;
        foreach (LogRing ring in rings)
        {
            left += ring.Length;
        }

        while (left > 0 && Gather(rings))
        {
            nint written = LogFiles.Write(_descriptor, CollectionsMarshal.AsSpan(_pieces));
            if (written < 0)
            {
                return Errno.Describe((int)-written);
            }

            left -= written;
            _cut = null;
            foreach ((LogRing ring, int length) in _counts)
            {
                int taken = (int)Math.Min(written, length);
                ring.Take(taken);
                written -= taken;
                if (taken > 0 && taken < length)
                {
                    _cut = ring;
                }
            }
        }

        return null;
    }

    /// <summary>The pieces of one call: of each ring whole lines, or the rest of one.</summary>
    private bool Gather(ReadOnlySpan<LogRing> rings)
    {
        _pieces.Clear();
        _counts.Clear();
        if (_cut is not null)
        {
            Gather(_cut);
        }

        foreach (LogRing ring in rings)
        {
            if (ring != _cut)
            {
                Gather(ring);
            }
        }

        return _pieces.Count > 0;
    }

    private void Gather(LogRing ring)
    {
        ReadOnlySpan<byte> first = ring.Oldest(out ReadOnlySpan<byte> rest);
        if (first.IsEmpty || _pieces.Count > MostPieces - 2)
        {
            return;
        }

        _pieces.Add(new LogFiles.Piece(first));
        if (!rest.IsEmpty)
        {
            _pieces.Add(new LogFiles.Piece(rest));
        }

        _counts.Add((ring, first.Length + rest.Length)); // More may come meanwhile, which is not written yet.
    }

    private string? WritePipe(ReadOnlySpan<LogRing> rings)
    {
        if (_cut is { } cut && WritePipe(cut) is { } cutError)
        {
            return cutError;
        }

        foreach (LogRing ring in rings)
        {
            if (WritePipe(ring) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private string? WritePipe(LogRing ring)
    {
        // Whole lines: those that there are now.
        for (long left = ring.Length; left > 0;)
        {
            ReadOnlySpan<byte> bytes = ring.Oldest();
            ReadOnlySpan<byte> piece = bytes[..(int)Math.Min(Math.Min(bytes.Length, PipePiece), left)];
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
            left -= written;
            _cut = left > 0 ? ring : null;
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
