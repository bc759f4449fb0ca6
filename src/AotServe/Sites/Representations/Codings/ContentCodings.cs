using System;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// The supported content codings (RFC 9110 §8.4.1, RFC 7932, RFC 8878): one of them, or a set. If the client has no preference,
/// the one with the greater value is preferred.
/// </summary>
/// <remarks>
/// Brotli before Zstandard before gzip, in the order of the sizes of precompressed files: clients decompress all of them faster
/// than they receive them. Identity comes last.
/// </remarks>
[Flags]
internal enum ContentCodings : byte
{
    /// <summary>No coding; as a set, the empty one.</summary>
    Identity = 0,

    Gzip = 1,

    Zstandard = 2,

    Brotli = 4,
}
