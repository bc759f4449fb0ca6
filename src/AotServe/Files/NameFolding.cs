using System;
using System.Buffers;
using System.Text;

namespace AotServe.Files;

/// <summary>
/// Other ways to write ASCII names that a file system may find the same file by, if it ignores case or the form of characters:
/// ext4 and f2fs (casefold), APFS, HFS+, NTFS. Folds more than any one of them, so that what is hidden is hidden on each.
/// </summary>
internal static class NameFolding
{
    /// <summary>
    /// Replaces what full case folding and canonical decomposition (Unicode, CaseFolding and NFD) make ASCII of, and leaves out what
    /// is ignored. Letters of ASCII stay as they are.
    /// </summary>
    /// <param name="path">Any bytes. What is no UTF-8 stays as it is.</param>
    /// <param name="destination">At least as long.</param>
    public static ReadOnlySpan<byte> Fold(ReadOnlySpan<byte> path, Span<byte> destination)
    {
        int length = 0;
        while (!path.IsEmpty)
        {
            bool isCharacter = Rune.DecodeFromUtf8(path, out Rune rune, out int size) == OperationStatus.Done;
            ReadOnlySpan<byte> folded = !isCharacter ? path[..size]
                : IsIgnored(rune.Value) ? default
                : AsciiOf(rune.Value) is { IsEmpty: false } ascii ? ascii
                : path[..size];
            folded.CopyTo(destination[length..]);
            length += folded.Length;
            path = path[size..];
        }

        return destination[..length];
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

    private static ReadOnlySpan<byte> AsciiOf(int character) => character switch
    {
        0x017F => "s"u8,
        0x212A => "k"u8,
        0x037E => ";"u8,
        0x1FEF => "`"u8,
        0x00DF or 0x1E9E => "ss"u8,
        0xFB00 => "ff"u8,
        0xFB01 => "fi"u8,
        0xFB02 => "fl"u8,
        0xFB03 => "ffi"u8,
        0xFB04 => "ffl"u8,
        0xFB05 or 0xFB06 => "st"u8,
        _ => default,
    };

    /// <summary>Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties).</summary>
    private static bool IsIgnored(int character) => character is 0x00AD or 0x034F or 0x061C or 0x3164 or 0xFEFF or 0xFFA0
        or (>= 0x115F and <= 0x1160) or (>= 0x17B4 and <= 0x17B5) or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F)
        or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or (>= 0xFE00 and <= 0xFE0F) or (>= 0xFFF0 and <= 0xFFF8)
        or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A) or (>= 0xE0000 and <= 0xE0FFF);
}
