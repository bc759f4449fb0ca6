using System;
using AotServe.Files;
using AotServe.Http;

namespace AotServe.Sites.Paths;

/// <summary>
/// The path of a file or a folder beneath the root, in a buffer of the caller. It is decoded and normalised, as
/// <see cref="RequestPath"/> describes. A copy shares the buffer: it keeps its value only as long as nothing but appending
/// and removing is done to the other one.
/// </summary>
/// <param name="buffer">As long as <see cref="RoomFor"/> says of the longest path that it is to take.</param>
internal ref struct ResolvedPath(Span<byte> buffer)
{
    /// <summary>The length of a buffer that takes the path of any request.</summary>
    public const int BufferLength = HttpLimits.RequestLine + Appended;

    /// <summary>What may be appended to a path: a slash and the longest name of a file, 255 bytes.</summary>
    private const int Appended = 1 + 255;

    private readonly Span<byte> _buffer = buffer;
    private int _length;

    /// <summary>Whether it can only be a folder's path, because a slash was at its end. True for the root.</summary>
    public bool NamesFolder { get; set; } = true;

    /// <summary>Whether no file can have the path: see <see cref="RequestPathStatus.NoFile"/>.</summary>
    public bool IsNoFile { get; private set; }

    /// <summary>The path in the form of <see cref="RootFolder"/>, without a slash at the end; empty for the root.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _buffer[.._length];

    /// <summary>Whether it is the path of the root folder itself.</summary>
    public readonly bool IsRoot => _length == 0;

    /// <summary>The path with a slash at the end if it <see cref="NamesFolder"/>: the form that rules match. Empty for the root.</summary>
    public readonly ReadOnlySpan<byte> WithSlash
    {
        get
        {
            if (!NamesFolder || IsRoot)
            {
                return Bytes;
            }

            _buffer[_length] = (byte)'/';
            return _buffer[..(_length + 1)];
        }
    }

    /// <summary>Its last name.</summary>
    public readonly ReadOnlySpan<byte> Name => Bytes[(Bytes.LastIndexOf((byte)'/') + 1)..];

    /// <summary>The path of the folder that it is in.</summary>
    public readonly ReadOnlySpan<byte> Parent => _buffer[..Math.Max(0, Bytes.LastIndexOf((byte)'/'))];

    /// <summary>The length of a buffer that takes this path of a request: decoding makes none longer.</summary>
    public static int RoomFor(ReadOnlySpan<byte> requestPath) => requestPath.Length + Appended;

    /// <summary>Takes the path of a request target; see <see cref="RequestPath.Resolve"/>.</summary>
    public RequestPathStatus Resolve(scoped ReadOnlySpan<byte> requestPath)
    {
        RequestPathStatus status = RequestPath.Resolve(
            requestPath,
            _buffer[..^Appended],
            out _length,
            out bool namesFolder,
            OperatingSystem.IsWindows());
        NamesFolder = namesFolder;
        IsNoFile = status != RequestPathStatus.Valid;

        return status;
    }

    /// <summary>Makes this the path of the root.</summary>
    public void MoveToRoot()
    {
        IsNoFile = false;
        Truncate(0, namesFolder: true);
    }

    /// <summary>Makes this the path of the folder that it is in.</summary>
    public void MoveToParent() => Truncate(Parent.Length, namesFolder: true);

    /// <summary>Appends the name of a file in this folder, with a slash before it.</summary>
    /// <param name="name">At most 255 bytes.</param>
    public void Append(scoped ReadOnlySpan<byte> name)
    {
        if (!IsRoot)
        {
            _buffer[_length++] = (byte)'/';
        }

        AppendExtension(name);
    }

    /// <summary>Appends bytes to the last name, which makes it the path of a file.</summary>
    /// <param name="extension">At most 255 bytes.</param>
    public void AppendExtension(scoped ReadOnlySpan<byte> extension)
    {
        extension.CopyTo(_buffer[_length..]);
        _length += extension.Length;
        NamesFolder = false;
    }

    /// <summary>Removes the last bytes of the last name; what remains is the path of a file.</summary>
    public void RemoveExtension(int length) => Truncate(_length - length, namesFolder: false);

    private void Truncate(int length, bool namesFolder)
    {
        _length = length;
        NamesFolder = namesFolder;
    }
}
