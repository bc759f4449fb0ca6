namespace AotServe.Sites.Rules;

/// <summary>A parameter of a request's query that is not empty: places in the query, and in what <see cref="QueryDecoding"/> decoded.</summary>
/// <remarks>Not a tuple, for the reason in <see cref="FieldChange"/>.</remarks>
internal readonly struct SentParameter(int start, int nameLength, int valueStart, int valueLength, int decodedLength)
{
    /// <summary>Where it begins, and its name.</summary>
    public int Start => start;

    /// <summary>The length of its name.</summary>
    public int NameLength => nameLength;

    /// <summary>Where its value begins, as it was sent and decoded.</summary>
    public int ValueStart => valueStart;

    /// <summary>The length of its value as it was sent.</summary>
    public int ValueLength => valueLength;

    /// <summary>The length of its value decoded.</summary>
    public int DecodedLength => decodedLength;
}
