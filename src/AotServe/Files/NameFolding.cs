using System;
using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace AotServe.Files;

/// <summary>
/// One form for all ways to write a name by which a file system may find the same file, if it ignores case or the form of characters:
/// ext4 and f2fs (casefold), APFS, HFS+, NTFS, FAT. It makes more names equal than any one of them, so that what is hidden is hidden on each.
/// </summary>
/// <remarks>
/// The form is for comparing only. Characters are decomposed (NFD), upper and lower case, full case folding included, are made one, and
/// what is ignored is left out. Marks that follow a character are put in one order, and are written in bytes that
/// only continue a character in UTF-8, so that <see cref="GlobAutomaton"/> takes them for parts of it: <c>?</c> matches the same
/// whether an é is one character or two.
/// </remarks>
internal static class NameFolding
{
    /// <summary>How many times as long as a name its form may be.</summary>
    public const int MostGrowth = 5;

    private const int MarkLength = 4;

    /// <summary>Makes that form of a path or a pattern. Pure ASCII need not be folded where letters are compared without case.</summary>
    /// <param name="path">Any bytes. What is no UTF-8 stays as it is.</param>
    /// <param name="destination"><see cref="MostGrowth"/> times as long.</param>
    public static ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        var form = new Form(destination);
        while (!path.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(path, out Rune rune, out int size) == OperationStatus.Done)
            {
                form.Add(rune.Value);
            }
            else
            {
                form.AddBytes(path[..size]);
            }

            path = path[size..];
        }

        return form.End();
    }

    /// <summary>That form of a text.</summary>
    public static byte[] Fold(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return Fold(bytes, new byte[bytes.Length * MostGrowth]).ToArray();
    }

    /// <summary>Whether a name begins with a dot, or with characters that some file systems ignore and then a dot.</summary>
    public static bool BeginsWithDot(ReadOnlySpan<byte> name)
    {
        while (!name.IsEmpty && name[0] >= 0x80
            && Rune.DecodeFromUtf8(name, out Rune rune, out int size) == OperationStatus.Done && IsIgnored(rune.Value))
        {
            name = name[size..];
        }

        return !name.IsEmpty && name[0] == '.';
    }

    /// <summary>What full case folding makes several characters of (Unicode, CaseFolding, status F), and letters that lost a difference.</summary>
    private static string Expand(int character) => character switch
    {
        0x00DF or 0x1E9E => "ss",
        0x0131 => "i",
        0x0149 => "\u02BCn",
        0x017F => "s",
        0x0587 => "\u0565\u0582",
        0x1E9A => "a\u02BE",
        0xFB00 => "ff",
        0xFB01 => "fi",
        0xFB02 => "fl",
        0xFB03 => "ffi",
        0xFB04 => "ffl",
        0xFB05 or 0xFB06 => "st",
        0xFB13 => "\u0574\u0576",
        0xFB14 => "\u0574\u0565",
        0xFB15 => "\u0574\u056B",
        0xFB16 => "\u057E\u0576",
        0xFB17 => "\u0574\u056D",
        _ => "",
    };

    /// <summary>Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties).</summary>
    private static bool IsIgnored(int character) => character is 0x00AD or 0x034F or 0x061C or 0x3164 or 0xFEFF or 0xFFA0
        or (>= 0x115F and <= 0x1160) or (>= 0x17B4 and <= 0x17B5) or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F)
        or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8)
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);

    /// <summary>Whether it is a part of the character before it, as those are that decomposition puts second: a mark, or a later part of a Hangul syllable.</summary>
    private static bool IsMark(Rune rune) => rune.Value is >= 0x1161 and <= 0x11FF
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    /// <summary>The form, as far as it is made.</summary>
    private ref struct Form(Span<byte> destination)
    {
        private readonly Span<byte> _destination = destination;
        private int _length;
        private int _marks; // Bytes at the end that are marks of one character.

        public void Add(int character)
        {
            if (character < 0x80)
            {
                AddAscii((byte)character);
            }
            else if (!IsIgnored(character))
            {
                AddDecomposed(character);
            }
        }

        public void AddBytes(ReadOnlySpan<byte> bytes)
        {
            EndMarks();
            bytes.CopyTo(_destination[_length..]);
            _length += bytes.Length;
        }

        public ReadOnlySpan<byte> End()
        {
            EndMarks();
            return _destination[.._length];
        }

        private void AddAscii(byte character)
        {
            EndMarks();
            _destination[_length++] = char.IsAsciiLetterUpper((char)character) ? (byte)(character | 0x20) : character;
        }

        private void AddDecomposed(int character)
        {
            if (CanonicalDecomposition.TryDecompose(character, out int first, out int second))
            {
                Add(first);
                if (second != 0)
                {
                    Add(second);
                }

                return;
            }

            string expanded = Expand(character);
            foreach (char part in expanded)
            {
                Add(part);
            }

            if (expanded.Length == 0)
            {
                var rune = Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(character)));
                Put(rune);
            }
        }

        private void Put(Rune rune)
        {
            if (!IsMark(rune))
            {
                EndMarks();
                _length += rune.EncodeToUtf8(_destination[_length..]);
                return;
            }

            for (int shift = 18; shift >= 0; shift -= 6)
            {
                _destination[_length++] = (byte)(0x80 | ((rune.Value >> shift) & 0x3F));
            }

            _marks += MarkLength;
        }

        /// <summary>Puts the marks of a character in an order: any, as long as it is always the same.</summary>
        private void EndMarks()
        {
            if (_marks > MarkLength)
            {
                MemoryMarshal.Cast<byte, uint>(_destination.Slice(_length - _marks, _marks)).Sort();
            }

            _marks = 0;
        }
    }
}
