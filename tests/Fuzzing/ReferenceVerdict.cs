namespace AotServe.Fuzzing;

/// <summary>What there is at a place of a stream.</summary>
internal enum ReferenceVerdict
{
    /// <summary>A request that has one reading, with all of its content.</summary>
    Whole,

    /// <summary>The beginning of what may become one.</summary>
    Unfinished,

    /// <summary>What has to be refused.</summary>
    Refused,
}
