namespace AotServe.Files;

/// <summary>What a part of a pattern matches.</summary>
internal enum GlobKind
{
    /// <summary>One byte.</summary>
    Byte,

    /// <summary><c>?</c>: one character other than a slash, which is one or more bytes of UTF-8.</summary>
    Character,

    /// <summary><c>*</c>: any bytes but slashes, also none.</summary>
    AnyInName,

    /// <summary><c>**</c>: any bytes, also none.</summary>
    Any,

    /// <summary><c>**/</c> at the beginning of a name: any number of whole folders, also none.</summary>
    AnyFolders,

    /// <summary>The end of the pattern: it matches if the name or the path ends there too.</summary>
    End,
}
