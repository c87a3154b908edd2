using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Numbers the distinct tuples of group values in the order they come. Open addressing, linear probing, at most half full.</summary>
internal sealed class GroupTable(int keyCount)
{
    private const int RecentMax = 256;

    private readonly RowStore _keys = new(keyCount);
    private ulong[] _hashes = new ulong[32];
    private int[] _slots = NewSlots(64);
    private (long Integer, int Group)[]? _recent;
    private int _last = -1;

    public int Count => _keys.Count;

    public ReadOnlySpan<Value> this[int group] => _keys[group][..keyCount];

    /// <returns>The group's number, or -1 when there is none.</returns>
    public int Find(ReadOnlySpan<Value> key)
    {
        var known = Recall(key);
        return known >= 0 ? known : Remember(key, _slots[FindSlot(key, Hash(key))]);
    }

    /// <returns>The group's number; it is new when it equals the count before.</returns>
    public int FindOrAdd(ReadOnlySpan<Value> key, EvaluationContext context)
    {
        var known = Recall(key);
        if (known >= 0)
            return known;
        var hash = Hash(key);
        var slot = FindSlot(key, hash);
        if (_slots[slot] >= 0)
            return Remember(key, _slots[slot]);
        var added = _keys.Count;
        _keys.Add(key, context);
        if (added == _hashes.Length)
            Array.Resize(ref _hashes, 2 * added);
        _hashes[added] = hash;
        _slots[slot] = added;
        if (2 * _keys.Count > _slots.Length)
            Grow();
        return Remember(key, added);
    }

    /// <summary>
    /// The group of a key that came lately, or -1. Rows in the order of an index come group by group. Whole numbers, the most usual keys, are compared as what
    /// they are before they are hashed, which saves a fifth of a count by one attribute.
    /// </summary>
    private int Recall(ReadOnlySpan<Value> key)
    {
        if (key.Length != 1 || !key[0].IsInteger)
            return _last >= 0 && AreEqual(_keys[_last], key) ? _last : -1;
        if (_recent is null)
            return -1;
        var integer = key[0].Integer;
        ref var recent = ref _recent[(int)integer & (RecentMax - 1)];
        return recent.Integer == integer ? recent.Group : -1;
    }

    private int Remember(ReadOnlySpan<Value> key, int group)
    {
        if (key.Length != 1 || !key[0].IsInteger)
            return _last = group;
        if (_recent is null)
            Array.Fill(_recent = new (long, int)[RecentMax], (0, -1));
        _recent[(int)key[0].Integer & (RecentMax - 1)] = (key[0].Integer, group);
        return group;
    }

    /// <summary>The slot that holds the key's group, or where it would go.</summary>
    private int FindSlot(ReadOnlySpan<Value> key, ulong hash)
    {
        var mask = _slots.Length - 1;
        var slot = (int)(hash & (ulong)mask);
        for (; _slots[slot] >= 0; slot = (slot + 1) & mask)
        {
            var group = _slots[slot];
            if (_hashes[group] == hash && AreEqual(_keys[group], key))
                break;
        }
        return slot;
    }

    public void Clear()
    {
        _keys.Clear();
        _slots = NewSlots(64);
        _recent = null;
        _last = -1;
    }

    private static int[] NewSlots(int count)
    {
        var slots = new int[count];
        Array.Fill(slots, -1);
        return slots;
    }

    public static ulong Hash(ReadOnlySpan<Value> key)
    {
        var hash = 0x9E3779B97F4A7C15UL;
        foreach (var value in key)
            hash = (hash ^ ValueHasher.Hash(value)) * 0xD6E8FEB86659FD93UL;
        return hash ^ (hash >> 32);
    }

    public static bool AreEqual(ReadOnlySpan<Value> stored, ReadOnlySpan<Value> key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (!ValueComparer.Equal(stored[i], key[i]))
                return false;
        }
        return true;
    }

    private void Grow()
    {
        _slots = NewSlots(4 * _slots.Length);
        var mask = _slots.Length - 1;
        for (var group = 0; group < _keys.Count; group++)
        {
            var slot = (int)(_hashes[group] & (ulong)mask);
            while (_slots[slot] >= 0)
                slot = (slot + 1) & mask;
            _slots[slot] = group;
        }
    }
}
