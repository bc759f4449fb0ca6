using System;
using System.Collections.Generic;

namespace AotServe.Sites.Rules;

/// <summary>
/// An index of thousands of rules by the literal segments that their patterns begin with. Each leading part of a path is looked
/// up once. Immutable; any thread may use it.
/// </summary>
internal sealed class PathIndex
{
    private const uint HashSeed = 2166136261;

    // Open addressing with linear probing; at most half full. A Dictionary with a lookup by span was measured: it takes two to
    // three times as long, since it hashes each leading part from its start, and makes the executable 4 KB larger.
    private readonly Bucket?[] _slots;
    private readonly int _longestKey;

    public PathIndex(IReadOnlyList<PathPattern> patterns)
    {
        _slots = new Bucket?[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(4, patterns.Count * 2))];
        for (int i = 0; i < patterns.Count; i++)
        {
            byte[] key = patterns[i].LiteralStart();
            _longestKey = Math.Max(_longestKey, key.Length);
            uint hash = HashSeed;
            foreach (byte octet in key)
            {
                hash = Hash(hash, octet);
            }

            int slot = SlotOf(key, hash);
            (_slots[slot] ??= new Bucket(key)).Add(i);
        }
    }

    /// <summary>
    /// The rules that may match <paramref name="path"/> (in the form of <see cref="Captures.Path"/>), in runs of ascending
    /// numbers.
    /// </summary>
    public Walk Candidates(ReadOnlySpan<byte> path) => new(this, path);

    /// <summary>
    /// FNV-1a. It takes one byte at a time, so that one pass over a path gives the hash of each leading part. It needs no seed:
    /// keys come from the site's owner only.
    /// </summary>
    private static uint Hash(uint hash, byte octet) => (hash ^ octet) * 16777619;

    private int SlotOf(ReadOnlySpan<byte> key, uint hash)
    {
        int slot = (int)(hash & (uint)(_slots.Length - 1));
        while (_slots[slot] is { } bucket && !key.SequenceEqual(bucket.Key))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    /// <summary>The numbers of the rules with one key, ascending.</summary>
    private sealed class Bucket(byte[] key)
    {
        private int[] _rules = new int[1];
        private int _count;

        public byte[] Key => key;

        public ReadOnlySpan<int> Rules => _rules.AsSpan(0, _count);

        public void Add(int rule)
        {
            if (_count == _rules.Length)
            {
                Array.Resize(ref _rules, _count * 2);
            }

            _rules[_count++] = rule;
        }
    }

    /// <summary>Goes from the empty leading part of a path to the longest.</summary>
    internal ref struct Walk(PathIndex index, ReadOnlySpan<byte> path)
    {
        private readonly ReadOnlySpan<byte> _path = path;
        private int _at = -1;
        private uint _hash = HashSeed;

        /// <summary>The rules found by the last <see cref="Next"/>.</summary>
        public ReadOnlySpan<int> Rules { get; private set; }

        public bool Next()
        {
            while (_at < _path.Length && _at <= index._longestKey)
            {
                if (_at >= 0)
                {
                    // At a slash or the first byte: on to the end of the segment.
                    do
                    {
                        _hash = Hash(_hash, _path[_at++]);
                    }
                    while (_at < _path.Length && _path[_at] != '/');
                }
                else
                {
                    _at = 0;
                }

                if (index._slots[index.SlotOf(_path[.._at], _hash)] is { } bucket)
                {
                    Rules = bucket.Rules;
                    return true;
                }
            }

            return false;
        }
    }
}
