namespace AotServe.Sites.Representations.Ranges;

/// <summary>What a Range field leads to.</summary>
internal enum RangeOutcome
{
    /// <summary>It does not count: the whole representation, 200.</summary>
    Ignored,

    /// <summary>The ranges: 206.</summary>
    Partial,

    /// <summary>None of the ranges is within the representation: 416.</summary>
    Unsatisfiable,
}
