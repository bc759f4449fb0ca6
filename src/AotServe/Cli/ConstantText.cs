using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace AotServe.Cli;

/// <summary>
/// A text of a table, made of a <c>"…"u8</c>. It stays in the file until somebody asks for it; a string of the program is made at each start, though
/// hardly any start prints a help.
/// </summary>
internal readonly unsafe struct ConstantText
{
    private readonly byte* _first;
    private readonly int _length;

    private ConstantText(ReadOnlySpan<byte> literal)
    {
        // The bytes of a literal are a part of the program, which nothing moves.
        _first = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(literal));
        _length = literal.Length;
    }

    /// <summary>The text of a literal. Nothing else may be given: it is not copied.</summary>
    public static implicit operator ConstantText(ReadOnlySpan<byte> literal) => new(literal);

    public override string ToString() => Encoding.UTF8.GetString(_first, _length);
}
