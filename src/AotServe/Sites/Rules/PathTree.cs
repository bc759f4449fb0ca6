using System;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace AotServe.Sites.Rules;

/// <summary>
/// The patterns of thousands of rules by their segments, so that what they have in common is compared once. A literal segment is
/// looked up, whatever the number of patterns. Immutable; any thread may use it.
/// </summary>
internal sealed class PathTree
{
    private readonly PathPattern[] _patterns;
    private readonly int[] _costs;
    private readonly PathNode[] _nodes;

    // The nodes that literals lead to, by parent and literal: 0 where there is none, for none leads to the root. Open addressing with
    // linear probing, at most half full. A Dictionary with a lookup by span was measured: it takes two to three times as long.
    private readonly int[] _literals;
    private readonly int _depth;
    private int _count;

    /// <summary>Makes the tree.</summary>
    /// <param name="patterns">The patterns of the rules, in their order.</param>
    /// <param name="costs">How many steps each rule takes once its pattern matches.</param>
    public PathTree(PathPattern[] patterns, int[] costs)
    {
        (_patterns, _costs) = (patterns, costs);
        int segments = 0;
        foreach (PathPattern pattern in patterns)
        {
            segments += pattern.Front.Length;
            _depth = Math.Max(_depth, pattern.Front.Length);
        }

        _nodes = new PathNode[segments + 1];
        _nodes[_count++] = new PathNode(-1, default);
        _literals = new int[(int)BitOperations.RoundUpToPowerOf2((uint)(2 * segments) + 2)];
        for (int rule = 0; rule < patterns.Length; rule++)
        {
            int node = 0;
            foreach (ref readonly PathSegment segment in patterns[rule].Front)
            {
                node = Child(node, segment);
            }

            (patterns[rule].HasSplat ? _nodes[node].Splats : _nodes[node].Rules).Add(rule);
        }
    }

    /// <summary>Marks the rules whose patterns match the path of <paramref name="captures"/>, whether it ends in a slash or not.</summary>
    /// <param name="captures">The path.</param>
    /// <param name="matching">A bit for each rule, all of them 0.</param>
    public void Match(in Captures captures, Span<ulong> matching) => Match(captures, matching, out _);

    /// <summary>The same, and how many steps it took.</summary>
    [SkipLocalsInit]
    internal void Match(in Captures captures, Span<ulong> matching, out long steps)
    {
        // From the root to the node that is looked at, the nodes and which of their children comes next: first the one that the
        // segment itself leads to, then the one that any leads to, then the others.
        int depth = Math.Min(_depth, captures.SegmentCount);
        Span<int> path = stackalloc int[depth + 1];
        Span<int> next = stackalloc int[depth + 1];
        Span<uint> hashes = stackalloc uint[depth];
        int at = 0;
        steps = 0;
        path[0] = next[0] = 0;
        Mark(_nodes[0], at, captures, matching, ref steps);
        for (int hashed = 0; at >= 0;)
        {
            PathNode node = _nodes[path[at]];
            int turn = next[at]++;
            if (at == depth || turn >= 2 + node.Wildcards.Count)
            {
                at--;
                continue;
            }

            ReadOnlySpan<byte> segment = captures.Path[captures.StartOf(at)..captures.EndOf(at)];
            int child = node.Any;
            if (turn == 0)
            {
                if (hashed == at)
                {
                    hashes[hashed++] = Hash(segment);
                }

                child = _literals[SlotOf(path[at], segment, hashes[at])] is > 0 and int literal ? literal : -1;
            }
            else if (turn > 1)
            {
                steps++;
                child = node.Wildcards[turn - 2];
                child = _nodes[child].Segment.Matches(segment, 1) ? child : -1;
            }

            if (child >= 0)
            {
                path[++at] = child;
                next[at] = 0;
                Mark(_nodes[child], at, captures, matching, ref steps);
            }
        }
    }

    /// <summary>
    /// The most steps that any path takes. Of the literals that lead on from a node a path can have one; of the rest, all are counted.
    /// </summary>
    /// <param name="last">The last rule that such a path is compared with.</param>
    public long MostSteps(out int last)
    {
        long[] steps = new long[_count];
        long[] literal = new long[_count];
        int[] lasts = new int[_count];
        int[] literalLasts = new int[_count];
        for (int i = _count - 1; i >= 0; i--)
        {
            PathNode node = _nodes[i];
            steps[i] += 1 + node.Wildcards.Count + literal[i];
            lasts[i] = Math.Max(lasts[i], literalLasts[i]);
            foreach (int rule in node.Rules)
            {
                steps[i] += _costs[rule];
                lasts[i] = Math.Max(lasts[i], rule);
            }

            foreach (int rule in node.Splats)
            {
                steps[i] += _costs[rule] + _patterns[rule].StepsFromSplat;
                lasts[i] = Math.Max(lasts[i], rule);
            }

            // A node comes behind its parent, so what is above is not added up yet.
            if (i > 0 && node.Segment.IsLiteral)
            {
                if (steps[i] > literal[node.Parent])
                {
                    (literal[node.Parent], literalLasts[node.Parent]) = (steps[i], lasts[i]);
                }
            }
            else if (i > 0)
            {
                steps[node.Parent] += steps[i];
                lasts[node.Parent] = Math.Max(lasts[node.Parent], lasts[i]);
            }
        }

        last = lasts[0];
        return steps[0];
    }

    /// <summary>Marks the rules whose patterns match and whose first segments lead to a node.</summary>
    private void Mark(PathNode node, int depth, in Captures captures, Span<ulong> matching, ref long steps)
    {
        steps++;
        if (depth == captures.SegmentCount)
        {
            foreach (int rule in node.Rules)
            {
                matching[rule / 64] |= 1UL << (rule % 64);
            }
        }

        foreach (int rule in node.Splats)
        {
            steps += _patterns[rule].StepsFromSplat;
            if (_patterns[rule].MatchesFromSplat(captures))
            {
                matching[rule / 64] |= 1UL << (rule % 64);
            }
        }
    }

    /// <summary>The node that a segment of a pattern leads to, made if there is none.</summary>
    private int Child(int parent, in PathSegment segment)
    {
        if (segment.IsLiteral)
        {
            int slot = SlotOf(parent, segment.Before, Hash(segment.Before));
            return _literals[slot] > 0 ? _literals[slot] : _literals[slot] = Add(parent, segment);
        }

        PathNode node = _nodes[parent];
        if (segment.MatchesAny)
        {
            return node.Any >= 0 ? node.Any : node.Any = Add(parent, segment);
        }

        // Rules of one kind stand together, as a rule; to look through all of them would take the square of their number.
        if (node.Wildcards.Count == 0 || !_nodes[node.Wildcards[^1]].Segment.IsSameAs(segment))
        {
            node.Wildcards.Add(Add(parent, segment));
        }

        return node.Wildcards[^1];
    }

    private int Add(int parent, in PathSegment segment)
    {
        _nodes[_count] = new PathNode(parent, segment);
        return _count++;
    }

    /// <summary>FNV-1a. It needs no seed: what is kept under it comes from the site's owner only.</summary>
    private static uint Hash(ReadOnlySpan<byte> segment)
    {
        uint hash = 2166136261;
        foreach (byte octet in segment)
        {
            hash = (hash ^ octet) * 16777619;
        }

        return hash;
    }

    private int SlotOf(int parent, ReadOnlySpan<byte> literal, uint hash)
    {
        int slot = (int)((hash ^ ((uint)parent * 2654435761)) & (uint)(_literals.Length - 1));
        while (_literals[slot] > 0 && !(_nodes[_literals[slot]].Parent == parent && literal.SequenceEqual(_nodes[_literals[slot]].Segment.Before)))
        {
            slot = (slot + 1) & (_literals.Length - 1);
        }

        return slot;
    }
}
