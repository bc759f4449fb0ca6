using System;

namespace AotServe.Http;

/// <summary>
/// The changes that the owner of a site makes to the fields of one response: lines that are added or that replace the
/// server's own, and names that are removed. They are set once per request, before <see cref="Response.Start"/>, and stay when
/// the response is started again, so an error page has them too. Belongs to a <see cref="Response"/>; allocates only to
/// grow. Each change takes about the same time, however many there are.
/// </summary>
internal sealed class FieldOverrides
{
    /// <summary>
    /// The most bytes of values, with what joins them. Own choice: half of what Chrome takes of all fields (256 KB), and more
    /// than other clients do (Node.js 16 KB).
    /// </summary>
    public const int MaxLength = 128 * 1024;

    private const int None = -1;

    private Line[] _lines = new Line[16];
    private int _count;
    private Part[] _parts = new Part[16];
    private int _partCount;
    private byte[] _values = new byte[512];
    private int _used;

    // The last line of each field, by its number: 0 where there is none, else the index and one.
    private int[] _lastLine = [];
    // A bit for some names each, so that a name that none of thousands of lines has is not looked for in all of them.
    private readonly ulong[] _names = new ulong[16];
    private byte _layer;
    private bool _keepsMediaType;

    public bool IsEmpty => _count == 0;

    /// <summary>Whether there was more than <see cref="MaxLength"/>. What is here is not all, and is not to be sent.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Removes all changes, before another request.</summary>
    public void Clear()
    {
        for (int i = 0; i < _count; i++)
        {
            _lastLine[_lines[i].Field.Number] = 0;
        }

        if (_count > 0)
        {
            Array.Clear(_names);
        }

        _count = _partCount = _used = 0;
        _layer = 0;
        _keepsMediaType = false;
        IsTooLong = false;
    }

    /// <summary>
    /// Starts a layer. A field that is set in it replaces the same field of earlier layers; within a layer, values are
    /// joined. So the rules of a path take precedence over those of the whole site.
    /// </summary>
    public void StartLayer() => _layer++;

    /// <summary>
    /// Sets a field of the response. If the same layer has set it already, the values are joined by a comma
    /// (RFC 9110 §5.3), except where the field <see cref="OverridableField.IsRepeated"/>. The value is copied.
    /// </summary>
    public void Add(OverridableField field, ReadOnlySpan<byte> value)
    {
        if (_used + value.Length > MaxLength)
        {
            IsTooLong = true;
            return;
        }

        int part = AddPart(value);
        int last = field.IsRepeated ? None : LastLineOf(field);
        if (last == None)
        {
            AddLine(new Line(field, part, _layer, isRemoved: false));
            return;
        }

        ref Line line = ref _lines[last];
        if ((line.Layer == _layer || field.AddsToDefault) && !line.IsRemoved)
        {
            _parts[line.LastPart].Next = part;
            line = new Line(field, line.FirstPart, _layer, isRemoved: false) { LastPart = part, Previous = line.Previous };
        }
        else
        {
            line = new Line(field, part, _layer, isRemoved: false) { Previous = line.Previous };
        }
    }

    /// <summary>A value that should have been added is too long by itself.</summary>
    public void AddTooLong() => IsTooLong = true;

    /// <summary>Removes a field from the response: the server's own line and those added so far.</summary>
    public void Remove(OverridableField field)
    {
        int last = LastLineOf(field);
        if (last == None)
        {
            AddLine(new Line(field, None, _layer, isRemoved: true));
            return;
        }

        // Those before one that was removed were removed with it.
        for (int i = last; i != None && !_lines[i].IsRemoved; i = _lines[i].Previous)
        {
            _lines[i].IsRemoved = true;
            _lines[i].Layer = _layer;
        }
    }

    /// <summary>Whether the server must not write its own line of that name, because it is replaced or removed.</summary>
    internal bool Replaces(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int status)
    {
        int index = IndexOf(name);
        if (index < 0 || !AppliesTo(_lines[index].Field.Scope, status) || _lines[index].Field.AddsToDefault)
        {
            return false;
        }

        // The server chooses the boundary between the parts, so it must write the type that names it (RFC 9110 §14.6).
        if (_lines[index].Field.Scope == FieldScope.Content && value.StartsWith("multipart/byteranges"u8))
        {
            _keepsMediaType = true;
            return false;
        }

        return true;
    }

    /// <summary>Whether the field of that name is left out of the response, as it stands now.</summary>
    internal bool Removes(ReadOnlySpan<byte> name)
    {
        int index = IndexOf(name);
        return index >= 0 && _lines[index].IsRemoved;
    }

    /// <summary>Called when the response is started again: its own fields written so far have been discarded.</summary>
    internal void Restart() => _keepsMediaType = false;

    /// <summary>Writes the field lines that apply to a response with that status.</summary>
    internal void WriteTo(OutputBuffer output, int status)
    {
        for (int i = 0; i < _count; i++)
        {
            ref Line line = ref _lines[i];
            if (line.IsRemoved || !AppliesTo(line.Field.Scope, status) || (_keepsMediaType && line.Field.Is("content-type"u8)))
            {
                continue;
            }

            ReadOnlySpan<byte> name = line.Field.Name;
            ReadOnlySpan<byte> first = _values.AsSpan(_parts[line.FirstPart].Start, _parts[line.FirstPart].Length);
            Span<byte> destination = output.Reserve(name.Length + 2 + first.Length);
            name.CopyTo(destination);
            ": "u8.CopyTo(destination[name.Length..]);
            first.CopyTo(destination[(name.Length + 2)..]);
            output.Advance(name.Length + 2 + first.Length);
            for (int part = _parts[line.FirstPart].Next; part != None; part = _parts[part].Next)
            {
                output.Write(", "u8);
                output.Write(_values.AsSpan(_parts[part].Start, _parts[part].Length));
            }

            output.Write("\r\n"u8);
        }
    }

    private static bool AppliesTo(FieldScope scope, int status) => scope switch
    {
        FieldScope.Caching => status < 400,
        FieldScope.Content => status is 200 or 206,
        _ => true,
    };

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        int place = PlaceOf(name);
        if ((_names[place / 64] >> (place % 64) & 1) == 0)
        {
            return None;
        }

        for (int i = 0; i < _count; i++)
        {
            if (_lines[i].Field.Is(name))
            {
                return i;
            }
        }

        return None;
    }

    /// <summary>The place of a name, whatever its case, among the bits.</summary>
    private int PlaceOf(ReadOnlySpan<byte> name) =>
        ((name.Length * 61) + ((name[0] | 0x20) * 17) + ((name[^1] | 0x20) * 5)) % (64 * _names.Length);

    private int LastLineOf(OverridableField field) =>
        field.Number < _lastLine.Length ? _lastLine[field.Number] - 1 : None;

    private void AddLine(Line line)
    {
        if (_count == _lines.Length)
        {
            Array.Resize(ref _lines, _count * 2);
        }

        int place = PlaceOf(line.Field.Name);
        _names[place / 64] |= 1UL << (place % 64);
        int number = line.Field.Number;
        if (number >= _lastLine.Length)
        {
            Array.Resize(ref _lastLine, Math.Max(number + 1, 2 * _lastLine.Length));
        }

        line.Previous = _lastLine[number] - 1;
        _lines[_count++] = line;
        _lastLine[number] = _count;
    }

    private int AddPart(ReadOnlySpan<byte> value)
    {
        if (_partCount == _parts.Length)
        {
            Array.Resize(ref _parts, _partCount * 2);
        }

        if (_values.Length - _used < value.Length + ", "u8.Length)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _used + value.Length + 2));
        }

        value.CopyTo(_values.AsSpan(_used));
        _parts[_partCount] = new Part(_used, value.Length);
        _used += value.Length + ", "u8.Length;
        return _partCount++;
    }

    /// <summary>A value, and the one that follows it in the same line.</summary>
    private struct Part(int start, int length)
    {
        public readonly int Start => start;

        public readonly int Length => length;

        public int Next { get; set; } = None;
    }

    /// <summary>A field line, or a name that is removed.</summary>
    private struct Line(OverridableField field, int firstPart, byte layer, bool isRemoved)
    {
        public readonly OverridableField Field => field;

        public int FirstPart { get; } = firstPart;

        public int LastPart { get; set; } = firstPart;

        /// <summary>The line of the same field before it.</summary>
        public int Previous { get; set; } = None;

        public byte Layer { get; set; } = layer;

        public bool IsRemoved { get; set; } = isRemoved;
    }
}
