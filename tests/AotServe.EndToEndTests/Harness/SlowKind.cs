namespace AotServe.EndToEndTests.Harness;

/// <summary>What the clients of a <see cref="SlowCrowd"/> are slow at.</summary>
public enum SlowKind
{
    /// <summary>They send a head, a byte a second.</summary>
    Heads,

    /// <summary>They send a body, a byte a second.</summary>
    Bodies,

    /// <summary>They read a large answer, a byte a second.</summary>
    Readers,

    /// <summary>They ask for a hundred large answers and read nothing at all.</summary>
    Deaf,
}
