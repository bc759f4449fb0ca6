using System;

namespace AotServe.Http;

/// <summary>
/// What the owner of a site changes in the fields of one answer: lines that are added or stand in place of the server's
/// own, and names that are left out. Chosen once a request, before <see cref="Response.Start"/>, and kept however often
/// the answer is started anew, so that an error page carries them as a file does. Belongs to a <see cref="Response"/>;
/// allocates only to grow.
/// </summary>
internal sealed class FieldOverrides
{
    private Line[] _lines = new Line[16];
    private int _count;
    private byte[] _values = new byte[512];
    private int _used;
    private byte _layer;
    private bool _keepsMediaType;

    public bool IsEmpty => _count == 0;

    /// <summary>Forgets everything: the next request has nothing to do with the one before.</summary>
    public void Clear()
    {
        _count = _used = 0;
        _layer = 0;
        _keepsMediaType = false;
    }

    /// <summary>
    /// From here on a field replaces what was set of it so far, in place of being added to it: what is said of some paths
    /// goes before what is said of all.
    /// </summary>
    public void BeginLayer() => _layer++;

    /// <summary>
    /// Puts a field on the answer. Where the same layer has set it already, the values are joined by a comma
    /// (RFC 9110 §5.3), but for <see cref="OverridableField.IsRepeated"/>. The value is copied.
    /// </summary>
    public void Add(OverridableField field, ReadOnlySpan<byte> value)
    {
        int index = field.IsRepeated ? -1 : IndexOf(field.Name);
        bool isJoined = index >= 0 && (_lines[index].Layer == _layer || field.AddsToDefault) && !_lines[index].IsRemoved;
        ReadOnlySpan<byte> before = isJoined ? _values.AsSpan(_lines[index].Start, _lines[index].Length) : default;
        int start = _used;
        Reserve(before.Length + value.Length + 2);
        if (isJoined)
        {
            Append(_values.AsSpan(_lines[index].Start, before.Length));
            Append(", "u8);
        }

        Append(value);
        if (index < 0)
        {
            index = NewLine();
        }

        _lines[index] = new Line(field, start, _used - start, _layer, IsRemoved: false);
    }

    /// <summary>Keeps a field off the answer, the server's own and those added so far.</summary>
    public void Remove(OverridableField field)
    {
        bool isKnown = false;
        for (int i = 0; i < _count; i++)
        {
            if (!_lines[i].Field.Is(field.Name))
            {
                continue;
            }

            _lines[i] = _lines[i] with { Layer = _layer, IsRemoved = true };
            isKnown = true;
        }

        if (!isKnown)
        {
            _lines[NewLine()] = new Line(field, 0, 0, _layer, IsRemoved: true);
        }
    }

    /// <summary>Whether the server leaves out its own line of that name, because the owner has another or wants none.</summary>
    internal bool Replaces(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, int status)
    {
        int index = IndexOf(name);
        if (index < 0 || !IsOn(_lines[index].Field.Scope, status) || _lines[index].Field.AddsToDefault)
        {
            return false;
        }

        // The boundary between the parts is the server's, and so is the type that names it (RFC 9110 §14.6).
        if (_lines[index].Field.Scope == FieldScope.Content && value.StartsWith("multipart/byteranges"u8))
        {
            _keepsMediaType = true;
            return false;
        }

        return true;
    }

    /// <summary>The answer is started anew: what its fields have told so far is void.</summary>
    internal void Restart() => _keepsMediaType = false;

    /// <summary>Writes the field lines that belong on an answer of that status.</summary>
    internal void WriteTo(OutputBuffer output, int status)
    {
        for (int i = 0; i < _count; i++)
        {
            ref Line line = ref _lines[i];
            if (line.IsRemoved || !IsOn(line.Field.Scope, status) || (_keepsMediaType && line.Field.Is("content-type"u8)))
            {
                continue;
            }

            output.WriteField(line.Field.Name, _values.AsSpan(line.Start, line.Length));
        }
    }

    private static bool IsOn(FieldScope scope, int status) => scope switch
    {
        FieldScope.Caching => status < 400,
        FieldScope.Content => status is 200 or 206,
        _ => true,
    };

    private int IndexOf(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_lines[i].Field.Is(name))
            {
                return i;
            }
        }

        return -1;
    }

    private int NewLine()
    {
        if (_count == _lines.Length)
        {
            Array.Resize(ref _lines, _count * 2);
        }

        return _count++;
    }

    private void Reserve(int count)
    {
        if (_values.Length - _used < count)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _used + count));
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_values.AsSpan(_used));
        _used += bytes.Length;
    }

    private readonly record struct Line(OverridableField Field, int Start, int Length, byte Layer, bool IsRemoved);
}
