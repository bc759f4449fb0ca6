using System;

namespace AotServe.Sites.Representations.Codings;

/// <summary>Takes note of a precompressed file that is not used.</summary>
/// <param name="path">Its path beneath the root.</param>
/// <param name="reason">Why, to follow "it is passed over:".</param>
internal delegate void PassedOver(ReadOnlySpan<byte> path, string reason);
