using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace AotServe.Sites.Representations;

/// <summary>
/// Media types (RFC 9110 §8.3.1) by the extension of a file's name. Text is declared as UTF-8. JSON and the like have no charset
/// parameter, since they are UTF-8 by definition. Immutable; any thread may use it.
/// </summary>
internal sealed class MediaTypes
{
    /// <summary>The longest extension, in letters.</summary>
    public const int LongestExtension = 16;

    /// <summary>The longest media type that may be given, in letters.</summary>
    public const int LongestType = 200;

    /// <summary>How many media types may be given.</summary>
    public const int MostGiven = 128;

    // More than twice as many as there are extensions, those of the options included.
    private const int Slots = 1024;

    // The offset of an extension's line in the table, by hash, with linear probing; 0: none (the line at 0 is empty). A Dictionary
    // would allocate a key for each of 180 extensions at every start, and would make the executable larger.
    private readonly ushort[] _lines = new ushort[Slots];

    // The types from the options, followed by the built-in table; null: the built-in table only.
    private readonly byte[]? _table;
    private readonly byte[] _unknown;

    /// <summary>Types from the options, which take precedence over the built-in ones.</summary>
    /// <param name="given">
    /// Media types by extension (lower case, no dot): at most <see cref="MostGiven"/>, of at most
    /// <see cref="LongestExtension"/> and <see cref="LongestType"/> letters; null: none.
    /// </param>
    /// <param name="unknown">The media type of all other files.</param>
    public MediaTypes(Dictionary<string, string>? given, string unknown)
    {
        _unknown = Encoding.ASCII.GetBytes(unknown);
        if (given is not null)
        {
            var lines = new StringBuilder("\n");
            foreach ((string extension, string type) in given)
            {
                lines.Append(extension).Append(' ').Append(type).Append('\n');
            }

            _table = [.. Encoding.ASCII.GetBytes(lines.ToString()), .. MediaTypeTable.Lines[1..]];
        }

        Index(_table ?? MediaTypeTable.Lines);
    }

    /// <summary>
    /// The media type of a file named <paramref name="path"/>; the case of its extension does not matter.
    /// </summary>
    public ReadOnlySpan<byte> ForPath(ReadOnlySpan<byte> path) => TryFor(path, out ReadOnlySpan<byte> type) ? type : _unknown;

    /// <summary>Whether the extension of a file's name is known.</summary>
    public bool Knows(ReadOnlySpan<byte> path) => TryFor(path, out _);

    /// <summary>The same. False: the extension is not known, or there is none.</summary>
    public bool TryFor(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> type)
    {
        type = default;
        ReadOnlySpan<byte> name = path[(path.LastIndexOf((byte)'/') + 1)..];
        int dot = name.LastIndexOf((byte)'.');
        int length = name.Length - dot - 1;
        if (dot < 0)
        {
            return TryForWellKnown(path, out type);
        }

        if (length is 0 or > LongestExtension)
        {
            return false;
        }

        Span<byte> extension = stackalloc byte[LongestExtension + 1];
        if (Ascii.ToLower(name[(dot + 1)..], extension, out _) != OperationStatus.Done)
        {
            return false;
        }

        extension[length] = (byte)' ';

        ReadOnlySpan<byte> table = _table ?? MediaTypeTable.Lines;
        for (int slot = Hash(extension[..length]); _lines[slot] != 0; slot = (slot + 1) % Slots)
        {
            ReadOnlySpan<byte> line = table[_lines[slot]..];
            if (line.StartsWith(extension[..(length + 1)]))
            {
                type = line[(length + 1)..line.IndexOf((byte)'\n')];
                return true;
            }
        }

        return false;
    }

    private static bool TryForWellKnown(ReadOnlySpan<byte> path, out ReadOnlySpan<byte> type)
    {
        type = default;
        if (!path.StartsWith(".well-known/"u8) && !path.StartsWith("apple-"u8))
        {
            return false;
        }

        foreach (Range line in MediaTypeTable.WellKnown.Split((byte)'\n'))
        {
            ReadOnlySpan<byte> entry = MediaTypeTable.WellKnown[line];
            if (entry.StartsWith(path) && entry.Length > path.Length && entry[path.Length] == ' ')
            {
                type = entry[(path.Length + 1)..];
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds the lines of a table to the index. Of two lines for one extension, the first is found.</summary>
    private void Index(ReadOnlySpan<byte> table)
    {
        for (int start = 1; start < table.Length; start += table[start..].IndexOf((byte)'\n') + 1)
        {
            int slot = Hash(table.Slice(start, table[start..].IndexOf((byte)' ')));
            while (_lines[slot] != 0)
            {
                slot = (slot + 1) % Slots;
            }

            _lines[slot] = (ushort)start;
        }
    }

    private static int Hash(ReadOnlySpan<byte> extension)
    {
        uint hash = 0;
        foreach (byte letter in extension)
        {
            hash = (hash * 31) + letter;
        }

        return (int)(hash % Slots);
    }
}
