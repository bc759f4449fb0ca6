namespace AotServe.Sites.Representations.Ranges;

/// <summary>The result of evaluating a Range field.</summary>
internal enum RangeOutcome
{
    /// <summary>It is ignored: the whole representation, 200.</summary>
    Ignored,

    /// <summary>The ranges: 206.</summary>
    Partial,

    /// <summary>None of the ranges is within the representation: 416.</summary>
    Unsatisfiable,
}
