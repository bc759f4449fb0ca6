using System;
using System.Collections.Generic;
using AotServe.Files;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// One version of a file and what it was compressed to. Belongs to a <see cref="CompressedFiles"/>, whose lock guards
/// all that changes here.
/// </summary>
internal sealed class CompressedFile
{
    /// <summary>About what an entry takes besides its path and its bytes.</summary>
    private const int Overhead = 384;

    private ReadOnlyMemory<byte> _brotli;
    private ReadOnlyMemory<byte> _gzip;

    public CompressedFile(ulong hash, ReadOnlySpan<byte> path, in FileEntry version)
    {
        Hash = hash;
        Path = path.ToArray();
        Version = version;
        Place = new LinkedListNode<CompressedFile>(this);
    }

    /// <summary>The hash of <see cref="Path"/>.</summary>
    public ulong Hash { get; }

    public byte[] Path { get; }

    /// <summary>What the file was when it was asked for: its time and its size.</summary>
    public FileEntry Version { get; }

    /// <summary>Where it stands in the order of use.</summary>
    public LinkedListNode<CompressedFile> Place { get; }

    /// <summary>The codings that are queued or being made.</summary>
    public ContentCodings Pending { get; set; }

    /// <summary>The codings that are there.</summary>
    public ContentCodings Ready { get; private set; }

    /// <summary>The codings that were tried and make it no smaller.</summary>
    public ContentCodings Useless { get; private set; }

    /// <summary>How many bytes of memory it takes, roughly.</summary>
    public long Size => Overhead + Path.Length + _brotli.Length + _gzip.Length;

    /// <summary>The bytes of a coding that is ready.</summary>
    public ReadOnlyMemory<byte> BytesOf(ContentCodings coding) => coding == ContentCodings.Brotli ? _brotli : _gzip;

    /// <summary>Whether it is of that path and version.</summary>
    public bool Is(ReadOnlySpan<byte> path, in FileEntry version) => Version == version && path.SequenceEqual(Path);

    /// <summary>Takes what came of a coding that was pending; no bytes: it is useless.</summary>
    /// <param name="coding">The coding.</param>
    /// <param name="isMade">False where nothing came of it: it may be tried again.</param>
    /// <param name="bytes">The compressed bytes.</param>
    public void Complete(ContentCodings coding, bool isMade, byte[]? bytes)
    {
        Pending &= ~coding;
        if (!isMade)
        {
            return;
        }

        if (bytes is null)
        {
            Useless |= coding;
            return;
        }

        Ready |= coding;
        if (coding == ContentCodings.Brotli)
        {
            _brotli = bytes;
        }
        else
        {
            _gzip = bytes;
        }
    }
}
