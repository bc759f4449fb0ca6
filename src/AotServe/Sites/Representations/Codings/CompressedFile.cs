using System;
using System.Collections.Generic;
using AotServe.Buffers;
using AotServe.Files;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// A cache entry: one version of a file, and its compressed bytes. Belongs to a <see cref="CompressedFiles"/>, whose lock
/// protects all that changes here.
/// </summary>
internal sealed class CompressedFile
{
    /// <summary>Roughly how much memory an entry takes beside its path and its bytes.</summary>
    private const int Overhead = 384;

    private SharedBytes? _brotli;
    private SharedBytes? _gzip;

    public CompressedFile(ulong hash, ReadOnlySpan<byte> path, in FileEntry version)
    {
        Hash = hash;
        Path = path.ToArray();
        Version = version;
        Node = new LinkedListNode<CompressedFile>(this);
    }

    /// <summary>The hash of <see cref="Path"/>.</summary>
    public ulong Hash { get; }

    public byte[] Path { get; }

    /// <summary>The version of the file: its time and its size.</summary>
    public FileEntry Version { get; }

    /// <summary>Its node in the list by last use.</summary>
    public LinkedListNode<CompressedFile> Node { get; }

    /// <summary>The codings that are queued or in progress.</summary>
    public ContentCodings Pending { get; set; }

    /// <summary>The codings whose bytes are available.</summary>
    public ContentCodings Ready { get; private set; }

    /// <summary>The codings that do not make the file smaller.</summary>
    public ContentCodings Incompressible { get; private set; }

    /// <summary>Roughly how much memory it takes, bytes.</summary>
    public long Size => Overhead + Path.Length + (_brotli?.Length ?? 0) + (_gzip?.Length ?? 0);

    /// <summary>The bytes of a coding; null if they are not ready.</summary>
    public SharedBytes? BytesOf(ContentCodings coding) => coding == ContentCodings.Brotli ? _brotli : _gzip;

    /// <summary>Whether it is the entry of that path and version.</summary>
    public bool IsFor(ReadOnlySpan<byte> path, in FileEntry version) => Version == version && path.SequenceEqual(Path);

    /// <summary>Sets the result of a pending coding.</summary>
    /// <param name="coding">The coding.</param>
    /// <param name="isMade">False if compressing failed; it may be tried again.</param>
    /// <param name="bytes">The compressed bytes; null if they are not fewer.</param>
    public void Complete(ContentCodings coding, bool isMade, SharedBytes? bytes)
    {
        Pending &= ~coding;
        if (!isMade)
        {
            return;
        }

        if (bytes is null)
        {
            Incompressible |= coding;
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
