using System;

namespace AotServe.Files;

/// <summary>Decides on a path beneath the root, in the form of <see cref="RootFolder"/>. Any thread may call.</summary>
internal delegate bool PathFilter(ReadOnlySpan<byte> path);
