using System;
using System.Globalization;
using System.IO;
using System.Text;
using System.Threading;

namespace AotServe.EndToEndTests.Soak;

/// <summary>
/// A file that is replaced by another version again and again, by renaming. Each line of its content says the version and
/// the line's number, so that any part of an answer tells whether it is of one version and in its place.
/// </summary>
internal sealed class VersionedFile
{
    private const int LineLength = 16;

    private readonly string _path;
    private readonly int _lines;
    private int _version;

    /// <summary>Writes the first version.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="name">Its name.</param>
    /// <param name="lines">About how many it has; the versions differ in length.</param>
    public VersionedFile(string folder, string name, int lines)
    {
        _path = Path.Combine(folder, name);
        _lines = lines;
        Target = "/" + name;
        Replace();
    }

    /// <summary>The path that clients ask for.</summary>
    public string Target { get; }

    /// <summary>The shortest that a version is.</summary>
    public int LeastLength => _lines * LineLength;

    /// <summary>Puts the next version in the place of the last. For one thread.</summary>
    /// <param name="isOld">
    /// Whether it comes with an old time of change, as copies do: the server keeps the content of such files in memory, and
    /// not that of files which were changed just now.
    /// </param>
    public void Replace(bool isOld = false)
    {
        int version = _version + 1;
        var content = new StringBuilder();
        for (int line = 0; line < LinesOf(version); line++)
        {
            content.Append(CultureInfo.InvariantCulture, $"{version:x7} {line:x7}\n");
        }

        string fresh = _path + ".fresh";
        File.WriteAllText(fresh, content.ToString());
        if (isOld)
        {
            File.SetLastWriteTimeUtc(fresh, DateTime.UtcNow.AddHours(-1));
        }

        Volatile.Write(ref _version, version);
        File.Move(fresh, _path, overwrite: true);
    }

    /// <summary>How long a version is.</summary>
    public int LengthOf(int version) => LinesOf(version) * LineLength;

    /// <summary>
    /// The version that bytes from an offset on are of; they hold a whole line at least. Throws where they are not of one
    /// version that there has been.
    /// </summary>
    public int VersionOf(ReadOnlySpan<byte> bytes, long offset)
    {
        int line = (int)((offset + LineLength - 1) / LineLength);
        int first = (int)((line * (long)LineLength) - offset);
        if (!int.TryParse(bytes.Slice(first, 7), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int version)
            || version < 1 || version > Volatile.Read(ref _version))
        {
            throw new InvalidDataException($"{Target} has at {offset + first} no version, but {Encoding.Latin1.GetString(bytes.Slice(first, LineLength))}");
        }

        Span<byte> expected = stackalloc byte[LineLength];
        version.TryFormat(expected, out _, "x7", CultureInfo.InvariantCulture);
        expected[7] = (byte)' ';
        expected[LineLength - 1] = (byte)'\n';
        // The part of a line before the first whole one, the whole ones, and a part at the end.
        for (int at = first == 0 ? 0 : first - LineLength; at < bytes.Length; at += LineLength)
        {
            ((int)((offset + at) / LineLength)).TryFormat(expected[8..], out _, "x7", CultureInfo.InvariantCulture);
            int from = int.Max(at, 0);
            int to = int.Min(at + LineLength, bytes.Length);
            if (!bytes[from..to].SequenceEqual(expected[(from - at)..(to - at)]))
            {
                throw new InvalidDataException($"{Target} is at {offset + from} not of version {version}: {Encoding.Latin1.GetString(bytes[from..to])}");
            }
        }

        return version;
    }

    private int LinesOf(int version) => _lines + (version % 7);
}
