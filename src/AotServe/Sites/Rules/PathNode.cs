using System.Collections.Generic;

namespace AotServe.Sites.Rules;

/// <summary>A place in a <see cref="PathTree"/>: where the first segments of some patterns end. Complete once the tree is made.</summary>
/// <param name="parent">The node that leads here; −1 for the root.</param>
/// <param name="segment">The segment that leads from there to here; that of the root says nothing.</param>
internal sealed class PathNode(int parent, PathSegment segment)
{
    /// <summary>The node that leads here; −1 for the root.</summary>
    public int Parent => parent;

    /// <summary>The segment that leads here.</summary>
    public PathSegment Segment => segment;

    /// <summary>The node that any segment leads to; −1: none.</summary>
    public int Any { get; set; } = -1;

    /// <summary>The nodes that segments with a wildcard and something around it lead to.</summary>
    public List<int> Wildcards { get; } = [];

    /// <summary>The rules whose patterns end here.</summary>
    public List<int> Rules { get; } = [];

    /// <summary>The rules whose patterns go on with a splat.</summary>
    public List<int> Splats { get; } = [];
}
