using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Documents by the hash of their keys; those of one hash in the order they were added. Keys are compared by who asks.</summary>
internal sealed class JoinTable
{
    /// <summary>The position behind the last document of a hash.</summary>
    public const int End = -1;

    /// <summary>A value, a hash, a link and two buckets; the lists grow by doubling.</summary>
    public const int BytesPerDocument = 64;

    private readonly List<Value> _documents = [];
    private readonly List<ulong> _hashes = [];
    private int[] _buckets = [End];
    private int[] _next = [];

    public long Bytes => (long)BytesPerDocument * _documents.Count;

    public Value this[int position] => _documents[position];

    public void Add(ReadOnlySpan<Value> key, Value document)
    {
        _documents.Add(document);
        _hashes.Add(GroupTable.Hash(key));
    }

    /// <summary>Links what was added; nothing may be added afterwards.</summary>
    public void Seal()
    {
        _buckets = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, 2 * _documents.Count))];
        Array.Fill(_buckets, End);
        _next = new int[_documents.Count];
        // From the last to the first, so that each chain begins with its first.
        for (var i = _documents.Count - 1; i >= 0; i--)
        {
            var bucket = Bucket(_hashes[i]);
            _next[i] = _buckets[bucket];
            _buckets[bucket] = i;
        }
    }

    /// <summary>The first document whose key has the hash of <paramref name="key"/>, or <see cref="End"/>.</summary>
    public int First(ReadOnlySpan<Value> key)
    {
        var hash = GroupTable.Hash(key);
        return SkipOthers(_buckets[Bucket(hash)], hash);
    }

    /// <summary>The one behind <paramref name="position"/> with the same hash, or <see cref="End"/>.</summary>
    public int Next(int position) => SkipOthers(_next[position], _hashes[position]);

    private int SkipOthers(int position, ulong hash)
    {
        while (position != End && _hashes[position] != hash)
            position = _next[position];
        return position;
    }

    private int Bucket(ulong hash) => (int)(hash & (ulong)(_buckets.Length - 1));
}
