using System;

namespace AotServe.Http;

/// <summary>
/// The changes that the owner of a site makes to the fields of one response: lines that are added or that replace the
/// server's own, and names that are removed. They are set once per request, before <see cref="Response.Start"/>, and stay when
/// the response is started again, so an error page has them too. Belongs to a <see cref="Response"/>; allocates only to
/// grow.
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

    /// <summary>Removes all changes, before another request.</summary>
    public void Clear()
    {
        _count = _used = 0;
        _layer = 0;
        _keepsMediaType = false;
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

    /// <summary>Removes a field from the response: the server's own line and those added so far.</summary>
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

            output.WriteField(line.Field.Name, _values.AsSpan(line.Start, line.Length));
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
