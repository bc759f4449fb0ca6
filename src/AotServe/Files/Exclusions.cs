using System;
using System.Runtime.CompilerServices;
using System.Text;

namespace AotServe.Files;

/// <summary>
/// What of a root folder is never found: hidden names, files that the site itself uses, and files that no root of the process
/// serves. Immutable, but for <see cref="Withheld"/>; any thread may use it.
/// </summary>
/// <param name="hidden">The names that are hidden; null: none.</param>
/// <param name="reservedNames">Names directly beneath the root, of ASCII characters, that the site itself uses.</param>
/// <param name="variantSuffixes">Suffixes such as <c>.gz</c> of files that are variants of the file without it.</param>
/// <param name="withheld">The files that no root serves.</param>
/// <param name="ignoreCase">Whether the file system ignores case, and perhaps more: see <see cref="NameFolding"/>.</param>
internal sealed class Exclusions(
    HiddenNames? hidden, string[] reservedNames, string[] variantSuffixes, WithheldFiles withheld, bool ignoreCase = false)
{
    /// <summary>The longest path of a request, and the name of a file in it. Only where links lead may be longer.</summary>
    private const int UsualPath = RootFolder.LongestPath + 1 + 255;

    /// <summary>The files that no root serves, under whatever name.</summary>
    public WithheldFiles Withheld => withheld;

    /// <summary>The names directly beneath the root that the site itself uses.</summary>
    public ReadOnlySpan<string> ReservedNames => reservedNames;

    /// <summary>
    /// Whether a path beneath the root is hidden, or that of a variant of a hidden file. Asked for the path of a request, and
    /// again for the path that links lead to.
    /// </summary>
    public bool IsHidden(ReadOnlySpan<byte> path) => ignoreCase && !Ascii.IsValid(path) ? IsHiddenFolded(path) : IsHiddenAs(path);

    [SkipLocalsInit]
    private bool IsHiddenFolded(ReadOnlySpan<byte> path) => IsHiddenAs(NameFolding.Fold(
        path, path.Length <= UsualPath ? stackalloc byte[UsualPath * NameFolding.MostGrowth] : new byte[path.Length * NameFolding.MostGrowth]));

    private bool IsHiddenAs(ReadOnlySpan<byte> path)
    {
        if (IsReserved(path) || hidden?.Contains(path) == true)
        {
            return true;
        }

        foreach (string suffix in variantSuffixes)
        {
            int stem = path.Length - suffix.Length;
            if (stem > 0 && Ascii.EqualsIgnoreCase(path[stem..], suffix)
                && (IsReserved(path[..stem]) || hidden?.Contains(path[..stem]) == true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Case is ignored, because some file systems ignore it.</summary>
    private bool IsReserved(ReadOnlySpan<byte> path)
    {
        foreach (string name in reservedNames)
        {
            if (Ascii.EqualsIgnoreCase(path, name))
            {
                return true;
            }
        }

        return false;
    }
}
