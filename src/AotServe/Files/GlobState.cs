namespace AotServe.Files;

/// <summary>A state of a <see cref="GlobAutomaton"/>: what of a pattern is to be matched next.</summary>
internal readonly struct GlobState(GlobKind kind, byte octet, bool isName, bool isStart)
{
    public GlobKind Kind => kind;

    /// <summary>The byte; meaningful for <see cref="GlobKind.Byte"/> only.</summary>
    public byte Octet => octet;

    /// <summary>Whether its pattern is compared with each name on a path.</summary>
    public bool IsName => isName;

    /// <summary>Whether it is the first of its pattern.</summary>
    public bool IsStart => isStart;
}
