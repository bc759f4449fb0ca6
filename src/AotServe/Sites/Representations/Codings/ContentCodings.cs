using System;

namespace AotServe.Sites.Representations.Codings;

/// <summary>
/// The content codings that are known here (RFC 9110 §8.4.1, RFC 7932, RFC 8878): one of them, or a set. The greater
/// of two is the one preferred where the client does not mind.
/// </summary>
/// <remarks>
/// Brotli before Zstandard before gzip: that is the order of the sizes that files compressed ahead of time come to, and
/// a client unpacks any of them faster than it receives it. Identity last: any coding spares bytes.
/// </remarks>
[Flags]
internal enum ContentCodings : byte
{
    /// <summary>The file as it is; as a set, the empty one.</summary>
    Identity = 0,

    Gzip = 1,

    Zstandard = 2,

    Brotli = 4,
}
