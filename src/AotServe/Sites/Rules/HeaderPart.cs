namespace AotServe.Sites.Rules;

/// <summary>Which fields of <see cref="HeaderRules"/> are meant.</summary>
internal enum HeaderPart
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Only those for caches.</summary>
    Caching,

    /// <summary>All but these.</summary>
    NotCaching,
}
