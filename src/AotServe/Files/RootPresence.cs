namespace AotServe.Files;

/// <summary>What is at the path that a <see cref="RootFolder"/> was opened by.</summary>
internal enum RootPresence
{
    /// <summary>The folder itself, or this cannot be told.</summary>
    Same,

    /// <summary>Another folder.</summary>
    Another,

    /// <summary>Nothing, or no folder.</summary>
    Gone,
}
